"""Changes reach Redis once in effect: carried twice, at once, too early, or after a loss."""

import asyncio

from control_plane.container import Container, open_container
from control_plane.identity.users.records import User
from control_plane.kit.database import transaction
from control_plane.ledger import accounts, loading
from control_plane.settings import Settings
from shared.credits import MICRO
from shared.keyspace import account_key
from tests.integration.control_plane.play import Spender
from tests.support import operations


async def avail(container: Container, account: str) -> int:
    return int(await container.redis.hget(account_key(account), "avail") or 0)


async def forget_deliveries(container: Container) -> None:
    """As if the relay had died before it could note what it had carried."""
    await container.pool.execute("UPDATE account_changes SET delivered_at = NULL")


async def test_a_grant_carried_again_grants_once(
    settings: Settings, container: Container, user: User
) -> None:
    for amount in (1, 2, 3):
        await operations.grant_credits(settings, user.email, amount)
    async with open_container(settings) as other:
        for _ in range(3):
            await asyncio.gather(container.relay.deliver(), other.relay.deliver())
            await forget_deliveries(container)
    await container.relay.deliver()
    assert await avail(container, user.id) == 106 * MICRO
    assert (await operations.audit(settings)).clean


async def test_a_change_that_redis_lost_is_carried_again(
    settings: Settings, container: Container, user: User
) -> None:
    before = await container.redis.dump(account_key(user.id))
    await operations.grant_credits(settings, user.email, 1)
    await container.relay.deliver()
    assert before is not None
    await container.redis.restore(account_key(user.id), 0, before, replace=True)
    await operations.grant_credits(settings, user.email, 2)
    assert await container.relay.deliver() == 1
    assert await avail(container, user.id) == 103 * MICRO
    assert (await operations.audit(settings)).clean


async def test_loaders_and_the_relay_at_once_have_the_effect_of_one(
    settings: Settings, container: Container
) -> None:
    cold = await operations.create_user(settings, "cold@example.com", "pro", 10)
    await operations.grant_credits(settings, cold.email, 5)
    load = [loading.load(container.pool, container.ledger, cold.id) for _ in range(8)]
    outcomes = await asyncio.gather(container.relay.deliver(), *load)
    assert outcomes.count("loaded") <= 1
    await container.relay.deliver()
    assert await avail(container, cold.id) == 15 * MICRO
    assert (await operations.audit(settings)).clean


async def test_a_change_of_tier_and_state_reaches_redis_in_order(
    settings: Settings, container: Container, user: User
) -> None:
    async with transaction(container.pool) as connection:
        await accounts.amend(connection, user.id, "active", "pro")
    await operations.grant_credits(settings, user.email, 1)
    async with transaction(container.pool) as connection:
        await accounts.amend(connection, user.id, "suspended", "pro")
    assert await container.relay.deliver() == 3
    fields = await container.redis.hmget(account_key(user.id), "state", "tier", "change_seq")
    assert fields == [b"suspended", b"pro", b"4"]
    assert await avail(container, user.id) == 101 * MICRO


async def test_a_new_floor_reaches_redis_without_a_reload(
    settings: Settings, container: Container, user: User
) -> None:
    """A floor that is that already is no news, and what leaves it out leaves it as it is."""
    async with transaction(container.pool) as connection:
        for _ in range(2):
            await accounts.set_floor(connection, user.id, -7 * MICRO)
        await accounts.amend(connection, user.id, "active", "pro")
    assert await container.relay.deliver() == 2
    fields = await container.redis.hmget(account_key(user.id), "floor", "tier", "change_seq")
    assert fields == [b"-7000000", b"pro", b"3"]
    await Spender(container.ledger, user.id).spend(180 * MICRO, 100 * MICRO)
    assert await avail(container, user.id) == -7 * MICRO
    assert (await operations.audit(settings)).clean


async def test_a_loss_of_redis_raises_the_epoch_and_keeps_what_was_posted(
    settings: Settings, container: Container, user: User
) -> None:
    await Spender(container.ledger, user.id).spend(1_000)
    await container.redis.flushdb()
    assert await container.publisher.publish()
    assert not await container.publisher.publish()
    await loading.load(container.pool, container.ledger, user.id)
    fields = await container.redis.hmget(account_key(user.id), "epoch", "seq", "avail")
    assert fields == [b"2", b"0", b"100000000"]
    await Spender(container.ledger, user.id).spend(500)
    assert (await operations.audit(settings)).clean


async def test_directories_published_at_once_agree_on_the_epochs(
    settings: Settings, container: Container
) -> None:
    await container.redis.flushdb()
    async with open_container(settings) as other:
        await asyncio.gather(*(each.publisher.publish() for each in (container, other) * 3))
    epochs = await container.pool.fetch("SELECT DISTINCT epoch FROM shards")
    assert [row["epoch"] for row in epochs] == [2]
    version = await container.redis.get("directory:version")
    assert not await container.publisher.publish()
    assert await container.redis.get("directory:version") == version
    await container.pool.execute("UPDATE tiers SET requests_per_minute = 11 WHERE id = 'free'")
    assert await container.publisher.publish()
    assert await container.redis.hget("{s07}:v2:tiers", "free:rpm") == b"11"
    assert await container.redis.hget("{s07}:v2:tiers", "free:open") == b"-1"
