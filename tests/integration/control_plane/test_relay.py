"""Changes reach Redis once in effect: carried twice, at once, too early, or after a loss."""

import asyncio

from control_plane import operations
from control_plane.connections import Connections, opened
from control_plane.credits import loading
from control_plane.credits import service as credit_service
from control_plane.kit.database import transaction
from control_plane.settings import Settings
from control_plane.users.records import User
from shared.credits import MICRO
from shared.keyspace import account_key
from tests.integration.control_plane.play import Spender


async def avail(connections: Connections, account: str) -> int:
    return int(await connections.redis.hget(account_key(account), "avail") or 0)


async def forget_deliveries(connections: Connections) -> None:
    """As if the relay had died before it could note what it had carried."""
    await connections.pool.execute("UPDATE grant_outbox SET delivered_at = NULL")


async def test_a_grant_carried_again_grants_once(
    settings: Settings, connections: Connections, user: User
) -> None:
    for amount in (1, 2, 3):
        await operations.grant_credits(settings, user.email, amount)
    async with opened(settings) as other:
        for _ in range(3):
            await asyncio.gather(connections.relay.deliver(), other.relay.deliver())
            await forget_deliveries(connections)
    await connections.relay.deliver()
    assert await avail(connections, user.id) == 106 * MICRO
    assert (await operations.audit(settings)).clean


async def test_a_change_that_redis_lost_is_carried_again(
    settings: Settings, connections: Connections, user: User
) -> None:
    before = await connections.redis.dump(account_key(user.id))
    await operations.grant_credits(settings, user.email, 1)
    await connections.relay.deliver()
    assert before is not None
    await connections.redis.restore(account_key(user.id), 0, before, replace=True)
    await operations.grant_credits(settings, user.email, 2)
    assert await connections.relay.deliver() == 1
    assert await avail(connections, user.id) == 103 * MICRO
    assert (await operations.audit(settings)).clean


async def test_loaders_and_the_relay_at_once_have_the_effect_of_one(
    settings: Settings, connections: Connections
) -> None:
    cold = await operations.create_user(settings, "cold@example.com", "pro", 10)
    await operations.grant_credits(settings, cold.email, 5)
    load = [loading.load(connections.pool, connections.ledger, cold.id) for _ in range(8)]
    outcomes = await asyncio.gather(connections.relay.deliver(), *load)
    assert outcomes.count("loaded") <= 1
    await connections.relay.deliver()
    assert await avail(connections, cold.id) == 15 * MICRO
    assert (await operations.audit(settings)).clean


async def test_a_change_of_tier_and_state_reaches_redis_in_order(
    settings: Settings, connections: Connections, user: User
) -> None:
    async with transaction(connections.pool) as connection:
        await credit_service.amend(connection, user.id, "active", "pro")
    await operations.grant_credits(settings, user.email, 1)
    async with transaction(connections.pool) as connection:
        await credit_service.amend(connection, user.id, "suspended", "pro")
    assert await connections.relay.deliver() == 3
    fields = await connections.redis.hmget(account_key(user.id), "state", "tier", "gv")
    assert fields == [b"suspended", b"pro", b"4"]
    assert await avail(connections, user.id) == 101 * MICRO


async def test_a_new_floor_reaches_redis_without_a_reload(
    settings: Settings, connections: Connections, user: User
) -> None:
    """A floor that is that already is no news, and what leaves it out leaves it as it is."""
    async with transaction(connections.pool) as connection:
        for _ in range(2):
            await credit_service.set_floor(connection, user.id, -7 * MICRO)
        await credit_service.amend(connection, user.id, "active", "pro")
    assert await connections.relay.deliver() == 2
    fields = await connections.redis.hmget(account_key(user.id), "floor", "tier", "gv")
    assert fields == [b"-7000000", b"pro", b"3"]
    await Spender(connections.ledger, user.id).spend(180 * MICRO, 100 * MICRO)
    assert await avail(connections, user.id) == -7 * MICRO
    assert (await operations.audit(settings)).clean


async def test_a_loss_of_redis_raises_the_epoch_and_keeps_what_was_booked(
    settings: Settings, connections: Connections, user: User
) -> None:
    await Spender(connections.ledger, user.id).spend(1_000)
    await connections.redis.flushdb()
    assert await connections.publisher.publish()
    assert not await connections.publisher.publish()
    await loading.load(connections.pool, connections.ledger, user.id)
    fields = await connections.redis.hmget(account_key(user.id), "epoch", "seq", "avail")
    assert fields == [b"2", b"0", b"100000000"]
    await Spender(connections.ledger, user.id).spend(500)
    assert (await operations.audit(settings)).clean


async def test_directories_published_at_once_agree_on_the_epochs(
    settings: Settings, connections: Connections
) -> None:
    await connections.redis.flushdb()
    async with opened(settings) as other:
        await asyncio.gather(*(each.publisher.publish() for each in (connections, other) * 3))
    epochs = await connections.pool.fetch("SELECT DISTINCT epoch FROM shards")
    assert [row["epoch"] for row in epochs] == [2]
    version = await connections.redis.get("directory:version")
    assert not await connections.publisher.publish()
    assert await connections.redis.get("directory:version") == version
    await connections.pool.execute("UPDATE tiers SET requests_per_minute = 11 WHERE id = 'free'")
    assert await connections.publisher.publish()
    assert await connections.redis.hget("{s07}:tiers", "free:rpm") == b"11"
    assert await connections.redis.hget("{s07}:tiers", "free:open") == b"-1"
