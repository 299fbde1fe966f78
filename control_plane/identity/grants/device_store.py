"""Device codes in PostgreSQL: the one the device polls with, and the one its user types."""

from dataclasses import dataclass

from control_plane.identity.lifetimes import DEVICE_CODE_S, DEVICE_INTERVAL_S
from control_plane.kit import crypto, queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.identity.grants")


@dataclass(frozen=True, slots=True)
class Device:
    """What a device that polls is told from."""

    client_id: str
    state: str
    grant_id: str | None
    fresh: bool
    interval_s: int
    hasty: bool | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a user who typed its code decides about."""

    client_id: str
    scopes: list[str]


async def create(
    source: Connection | Pool, client_id: str, scopes: list[str], user_code: str
) -> str:
    """The device code."""
    code = crypto.create_secret()
    digests = crypto.digest(code), crypto.digest(user_code)
    await source.execute(
        _SQL["create_device"], *digests, client_id, scopes, DEVICE_INTERVAL_S, DEVICE_CODE_S
    )
    return code


async def load(connection: Connection, code: str) -> Device | None:
    """Locked until the transaction ends."""
    row = await connection.fetchrow(_SQL["load_device"], crypto.digest(code))
    return Device(**row) if row else None


async def poll(connection: Connection, code: str, slower_s: int) -> None:
    """It asked just now; from now on so much more seldom."""
    await connection.execute(_SQL["poll_device"], crypto.digest(code), slower_s)


async def consume(connection: Connection, code: str) -> None:
    await connection.execute(_SQL["consume_device"], crypto.digest(code))


async def find(source: Connection | Pool, user_code: str) -> Waiting | None:
    """The device that waits for this code's user."""
    row = await source.fetchrow(_SQL["find_device"], crypto.digest(user_code))
    return Waiting(**row) if row else None


async def settle(connection: Connection, user_code: str, state: str, grant_id: str | None) -> bool:
    """True for the one that decided."""
    digest = crypto.digest(user_code)
    return await connection.fetchval(_SQL["settle_device"], digest, state, grant_id) is not None
