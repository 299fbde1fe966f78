"""What could not be booked is kept whole, listed, and booked once it is mended."""

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.ledger import loading
from control_plane.ledger.audit.auditor import Auditor
from control_plane.settings import Settings
from control_plane.usage import dead_letters
from control_plane.usage.dead_letters import DeadLetter
from deploy.commands.audit import in_words
from shared.credits import MICRO
from shared.keyspace import account_key
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.posting import book_outbox, figure, read_outbox
from tests.support import operations


async def _keep_aside(container: Container, account: str) -> None:
    """What lies in the outbox goes aside, as after five tries, and a poisoned one with it."""
    batch = await read_outbox(container, account)
    for entry_id, fields in batch.entries:
        email = DeadLetter(batch.stream, entry_id.decode(), fields, "the database said no", 5)
        await dead_letters.create(container.pool, email)
    poison = DeadLetter(batch.stream, "1-1", {b"kind": b"never heard of"}, "no such kind", 5)
    await dead_letters.create(container.pool, poison)
    await container.redis.xtrim(batch.stream, maxlen=0, approximate=False)


async def test_dead_letters_are_listed_and_posted_once(
    settings: Settings, container: Container, user: User
) -> None:
    spender = Spender(container.ledger, user.id)
    for cost in (3, 4):
        await spender.spend(cost * MICRO)
    await _keep_aside(container, user.id)
    waiting = await operations.list_dead_letters(settings)
    assert [email.reason for email in waiting] == ["the database said no"] * 2 + ["no such kind"]
    assert await operations.redrive_dead_letters(settings) == 2
    assert await operations.redrive_dead_letters(settings) == 0
    [left] = await operations.list_dead_letters(settings)
    assert "never heard of" in left.reason
    report = await operations.audit(settings)
    assert report.clean, report
    assert (report.charged, report.pending) == (7 * MICRO, 0)
    assert await container.pool.fetchval("SELECT count(*) FROM usage_history") == 2


async def test_a_dead_letter_of_a_lost_epoch_is_posted_and_redis_corrected(
    settings: Settings, container: Container, user: User
) -> None:
    await Spender(container.ledger, user.id).spend(8 * MICRO)
    await _keep_aside(container, user.id)
    await container.redis.flushdb()
    await container.publisher.publish()
    await loading.load(container.pool, container.ledger, user.id)
    assert await operations.redrive_dead_letters(settings) == 1
    await container.relay.deliver()
    assert await figure(container, user.id, "avail") == 92 * MICRO
    assert (await Auditor(container.pool, container.redis).run()).clean


async def test_a_grant_too_large_for_exact_integers_waits_and_is_reported(
    settings: Settings, container: Container, user: User
) -> None:
    """PostgreSQL knew of what was spent, Redis has been told to hold more than it can count."""
    beyond = 2**53 - 1 - 50 * MICRO
    await container.redis.hset(account_key(user.id), "avail", beyond)
    await operations.grant_credits(settings, user.email, 60)
    assert await container.relay.deliver() == 0
    refused = "SELECT count(*) FROM account_changes WHERE refused_at IS NOT NULL"
    assert await container.pool.fetchval(refused) == 1
    other = await operations.create_user(settings, "other@example.com", "pro", 10)
    assert await container.relay.deliver() == 1
    assert await figure(container, other.id, "avail") == 10 * MICRO
    await container.redis.hset(account_key(user.id), "avail", 100 * MICRO)
    await container.pool.execute(
        "UPDATE account_changes SET refused_at = now() - interval '1 hour'"
    )
    assert await container.relay.deliver() == 1
    assert await figure(container, user.id, "avail") == 160 * MICRO
    await book_outbox(container, user.id)
    assert (await operations.audit(settings)).clean


async def test_the_audit_counts_events_and_names_the_letter_that_explains_a_gap(
    settings: Settings, container: Container, user: User
) -> None:
    """An entry that cannot even be read is a gap in its account's numbers until it is mended."""
    await Spender(container.ledger, user.id).spend(7 * MICRO)
    batch = await read_outbox(container, user.id)
    [(entry_id, fields)] = batch.entries
    spoilt = dict(fields) | {b"__data__": b"{}"}
    name = entry_id.decode()
    letter = DeadLetter(batch.stream, name, spoilt, "no such event", 5)
    await dead_letters.create(container.pool, letter)
    await container.redis.xtrim(batch.stream, maxlen=0, approximate=False)
    report = await operations.audit(settings)
    lines = in_words(report).splitlines()
    amount = "expected 100000000, found 93000000 micro-credits"
    assert lines[0] == f"drift: account {user.id}, avail + held: {amount}"
    gap = f"seq: expected 0, found 1 events; dead letters: {batch.stream} {name}"
    assert lines[1] == f"drift: account {user.id}, {gap}"
    await container.pool.execute("DELETE FROM dead_letters")
    unexplained = in_words(await operations.audit(settings)).splitlines()[1]
    assert unexplained.endswith("found 1 events; no dead letter explains it")
