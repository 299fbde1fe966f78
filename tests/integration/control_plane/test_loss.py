"""Redis is lost and begins anew: what was charged stays charged, once, and both sides agree."""

from datetime import timedelta

import pytest

from control_plane.container import Container
from control_plane.kit import clock
from control_plane.kit.database import transaction
from control_plane.ledger import grants as credit_grants
from control_plane.ledger import loading
from control_plane.ledger.audit.auditor import Auditor
from control_plane.ledger.audit.report import AuditReport
from control_plane.ledger.records import NewLot, Source
from control_plane.settings import Settings
from control_plane.workers.consumer.ingestion import Batch
from shared.credits import MICRO
from shared.ledger_records import ReserveRequest
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.posting import (
    book_outbox,
    build_ingest,
    figure,
    read_outbox,
)
from tests.support import operations


async def lose_redis(container: Container) -> None:
    """FLUSHALL, seen by the directory, which opens the shards in a new epoch."""
    await container.redis.flushdb()
    assert await container.publisher.publish()


async def load(container: Container, account: str) -> None:
    assert await loading.load(container.pool, container.ledger, account) == "loaded"


async def agree(container: Container, account: str) -> AuditReport:
    """Carry what is on its way, both ways, with an audit after each step."""
    for _ in range(2):
        report = await Auditor(container.pool, container.redis).run()
        assert report.clean, report
        await container.relay.deliver()
        report = await Auditor(container.pool, container.redis).run()
        assert report.clean, report
        await book_outbox(container, account)
    report = await Auditor(container.pool, container.redis).run()
    assert report.clean, report
    assert report.pending == 0
    left = await figure(container, account, "avail") + await figure(container, account, "held")
    assert left == report.balance
    assert await figure(container, account, "debt") == await container.pool.fetchval(
        "SELECT debt FROM accounts WHERE id = $1", account
    )
    lowest = await container.pool.fetchval("SELECT min(remaining) FROM lots")
    assert lowest >= 0
    return report


async def test_an_entry_of_an_older_epoch_is_posted_and_redis_corrected(
    container: Container, spender: Spender
) -> None:
    """A worker had read it before the loss and books it after the account was loaded again."""
    await spender.spend(12 * MICRO)
    late = await read_outbox(container, spender.account)
    await lose_redis(container)
    await load(container, spender.account)
    assert await figure(container, spender.account, "avail") == 100 * MICRO
    await build_ingest(container).take(late)
    report = await agree(container, spender.account)
    assert (report.charged, report.balance) == (12 * MICRO, 88 * MICRO)
    assert await figure(container, spender.account, "avail") == 88 * MICRO
    assert await container.pool.fetchval("SELECT count(*) FROM dead_letters") == 0


async def test_an_entry_posted_before_the_account_is_loaded_needs_no_correction(
    container: Container, spender: Spender
) -> None:
    await spender.spend(12 * MICRO)
    late = await read_outbox(container, spender.account)
    await lose_redis(container)
    await build_ingest(container).take(late)
    await load(container, spender.account)
    assert await figure(container, spender.account, "avail") == 88 * MICRO
    kinds = await container.pool.fetch("SELECT kind FROM account_changes")
    assert [row["kind"] for row in kinds] == ["grant"]
    await agree(container, spender.account)


@pytest.mark.parametrize("late_first", [True, False], ids=["old first", "re-sent first"])
async def test_a_settle_sent_again_after_a_loss_is_charged_once(
    container: Container, spender: Spender, late_first: bool
) -> None:
    settled = await spender.hold(9 * MICRO)
    event = spender.event(settled)
    await container.ledger.settle(spender.account, settled, 7 * MICRO, 42, event)
    late = await read_outbox(container, spender.account)
    await lose_redis(container)
    await load(container, spender.account)
    again = await container.ledger.settle(spender.account, settled, 7 * MICRO, 42, event)
    assert (again.outcome, again.avail) == ("unreserved", 93 * MICRO)
    fresh = await read_outbox(container, spender.account)
    for batch in (late, fresh) if late_first else (fresh, late):
        await build_ingest(container).take(batch)
    report = await agree(container, spender.account)
    assert (report.charged, report.balance) == (7 * MICRO, 93 * MICRO)
    kinds = await container.pool.fetch(
        "SELECT kind FROM ledger_tx WHERE request_id = $1 ORDER BY kind", settled
    )
    assert len(kinds) == 2
    assert kinds[0]["kind"] == "duplicate"
    history = "SELECT count(*), sum(credits_micro) FROM usage_history"
    assert tuple(await container.pool.fetchrow(history) or ()) == (1, 7 * MICRO)


async def test_both_in_one_batch_are_charged_once(container: Container, spender: Spender) -> None:
    request_id = await spender.hold(5 * MICRO)
    event = spender.event(request_id)
    await container.ledger.settle(spender.account, request_id, 5 * MICRO, 42, event)
    late = await read_outbox(container, spender.account)
    await lose_redis(container)
    await load(container, spender.account)
    await container.ledger.settle(spender.account, request_id, 5 * MICRO, 42, event)
    fresh = await read_outbox(container, spender.account)
    both = Batch(late.stream, [*late.entries, *fresh.entries])
    for _ in range(2):
        await build_ingest(container).take(both)
    report = await agree(container, spender.account)
    assert report.charged == 5 * MICRO


async def test_what_was_spent_twice_meanwhile_becomes_debt_and_the_books_follow(
    settings: Settings, container: Container, spender: Spender
) -> None:
    """90 of 100 were spent before the loss and nobody knew; 60 more after it; then 50 granted."""
    await spender.spend(90 * MICRO)
    late = await read_outbox(container, spender.account)
    await lose_redis(container)
    await load(container, spender.account)
    await spender.spend(60 * MICRO)
    held = await spender.hold(20 * MICRO)
    await build_ingest(container).take(late)
    await container.relay.deliver()
    assert await figure(container, spender.account, "debt") == 70 * MICRO
    event = spender.event(held)
    await container.ledger.settle(spender.account, held, 5 * MICRO, 42, event)
    report = await agree(container, spender.account)
    assert (report.charged, report.balance) == (155 * MICRO, -55 * MICRO)
    await operations.grant_credits(settings, "ada@example.com", 80)
    report = await agree(container, spender.account)
    assert report.balance == 25 * MICRO


async def test_a_second_loss_begins_from_what_is_owed(
    container: Container, spender: Spender
) -> None:
    """The correction never reached the Redis it was meant for."""
    await spender.spend(90 * MICRO)
    late = await read_outbox(container, spender.account)
    await lose_redis(container)
    await load(container, spender.account)
    await spender.spend(60 * MICRO)
    await build_ingest(container).take(late)
    await book_outbox(container, spender.account)
    await lose_redis(container)
    await load(container, spender.account)
    assert await figure(container, spender.account, "avail") == -50 * MICRO
    assert await figure(container, spender.account, "debt") == 50 * MICRO
    report = await agree(container, spender.account)
    assert (report.charged, report.balance) == (150 * MICRO, -50 * MICRO)


async def _expire_promo(container: Container, spender: Spender, seconds: int) -> str:
    soon = clock.now() + timedelta(seconds=seconds)
    async with transaction(container.pool) as connection:
        lot = await credit_grants.grant(
            connection, spender.account, NewLot(Source.PROMO, 10 * MICRO, soon)
        )
    await container.relay.deliver()
    return lot


async def _expire(container: Container, account: str) -> int:
    """Waits until there is something to expire."""
    while True:
        outcome, micro = await container.ledger.expire_lots(account)
        if outcome == "expired":
            return micro


@pytest.mark.parametrize("expiry_posted_first", [True, False])
async def test_what_was_spent_before_the_loss_did_not_expire_after_it(
    container: Container, spender: Spender, expiry_posted_first: bool
) -> None:
    """4 of a promo's 10 were spent; the new epoch let all 10 expire before it heard of that."""
    await _expire_promo(container, spender, 2)
    await spender.spend(4 * MICRO)
    late = await read_outbox(container, spender.account)
    await lose_redis(container)
    await load(container, spender.account)
    assert await _expire(container, spender.account) == 10 * MICRO
    if expiry_posted_first:
        await book_outbox(container, spender.account)
    await build_ingest(container).take(late)
    report = await agree(container, spender.account)
    assert (report.charged, report.expired) == (4 * MICRO, 6 * MICRO)
    assert report.balance == 100 * MICRO


async def test_what_is_given_back_to_an_expired_lot_has_expired(
    container: Container, spender: Spender
) -> None:
    await _expire_promo(container, spender, 2)
    request_id = await spender.hold(4 * MICRO)
    event = spender.event(request_id)
    await container.ledger.settle(spender.account, request_id, 4 * MICRO, 42, event)
    late = await read_outbox(container, spender.account)
    await lose_redis(container)
    await build_ingest(container).take(late)
    await load(container, spender.account)
    await container.ledger.settle(spender.account, request_id, 4 * MICRO, 42, event)
    assert await _expire(container, spender.account) == 2 * MICRO
    report = await agree(container, spender.account)
    assert (report.charged, report.expired) == (4 * MICRO, 6 * MICRO)


async def test_what_expired_or_was_repaid_in_a_lost_epoch_is_done_again_in_the_next(
    settings: Settings, container: Container, spender: Spender
) -> None:
    await _expire_promo(container, spender, -60)
    await spender.spend(130 * MICRO, 1 * MICRO)
    await book_outbox(container, spender.account)
    await operations.grant_credits(settings, "ada@example.com", 50)
    await container.relay.deliver()
    late = await read_outbox(container, spender.account)
    await lose_redis(container)
    await load(container, spender.account)
    await build_ingest(container).take(late)
    report = await agree(container, spender.account)
    assert (report.charged, report.expired, report.balance) == (
        130 * MICRO,
        10 * MICRO,
        20 * MICRO,
    )
    await operations.grant_credits(settings, "ada@example.com", 5)
    await agree(container, spender.account)


async def test_an_adjustment_of_a_charge_that_did_not_count_does_not_count(
    container: Container, spender: Spender
) -> None:
    """Swept at 4, then settled at 6 in the lost epoch; sent again in the next and booked first."""
    request_id = await spender.hold(10 * MICRO, ttl_ms=1)
    await container.ledger.progress(spender.account, request_id, 4 * MICRO, 1)
    while (await container.ledger.sweep(spender.account, request_id)).outcome == "early":
        pass
    event = spender.event(request_id)
    await container.ledger.settle(spender.account, request_id, 6 * MICRO, 42, event)
    late = await read_outbox(container, spender.account)
    await lose_redis(container)
    await load(container, spender.account)
    await container.ledger.settle(spender.account, request_id, 6 * MICRO, 42, event)
    await book_outbox(container, spender.account)
    await build_ingest(container).take(late)
    report = await agree(container, spender.account)
    assert (report.charged, report.balance) == (6 * MICRO, 94 * MICRO)


async def test_a_request_repeated_in_the_next_epoch_is_charged_once(
    container: Container, spender: Spender
) -> None:
    """Its caller repeated it under the same id: the second answer is free."""
    ask = ReserveRequest(spender.account, "same", "f", 8 * MICRO, 8 * MICRO, 1, 0, 60_000, b"{}")
    event = spender.event("same")
    for _ in range(2):
        await container.ledger.reserve(ask)
        await container.ledger.settle(spender.account, "same", 3 * MICRO, 42, event)
        await book_outbox(container, spender.account)
        await lose_redis(container)
        await load(container, spender.account)
    report = await agree(container, spender.account)
    assert report.charged == 3 * MICRO
