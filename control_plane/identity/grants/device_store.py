"""Device codes and user codes (RFC 8628) in PostgreSQL."""

from dataclasses import dataclass

from control_plane.identity.lifetimes import DEVICE_CODE_S, DEVICE_INTERVAL_S
from control_plane.kit import crypto, queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.identity.grants")


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """`polled_too_soon`: the last poll was less than `interval_s` ago."""

    client_id: str
    state: str
    grant_id: str | None
    unexpired: bool
    interval_s: int
    polled_too_soon: bool | None


@dataclass(frozen=True, slots=True)
class PendingDevice:
    """The request that the user decides about."""

    client_id: str
    scopes: list[str]


async def create(
    source: Connection | Pool, client_id: str, scopes: list[str], user_code: str
) -> str:
    """Create a device code and return it; only digests are stored."""
    code = crypto.create_secret()
    digests = crypto.digest(code), crypto.digest(user_code)
    await source.execute(
        _SQL["create_device"], *digests, client_id, scopes, DEVICE_INTERVAL_S, DEVICE_CODE_S
    )
    return code


async def load(connection: Connection, code: str) -> DeviceCode | None:
    """The device code, locked until the transaction ends."""
    row = await connection.fetchrow(_SQL["load_device"], crypto.digest(code))
    return DeviceCode(**row) if row else None


async def poll(connection: Connection, code: str, slower_s: int) -> None:
    """Record a poll, and lengthen the interval by `slower_s` seconds."""
    await connection.execute(_SQL["poll_device"], crypto.digest(code), slower_s)


async def consume(connection: Connection, code: str) -> None:
    await connection.execute(_SQL["consume_device"], crypto.digest(code))


async def find_pending(source: Connection | Pool, user_code: str) -> PendingDevice | None:
    """The undecided request with this user code, which must be normalised."""
    row = await source.fetchrow(_SQL["find_pending_device"], crypto.digest(user_code))
    return PendingDevice(**row) if row else None


async def decide(connection: Connection, user_code: str, state: str, grant_id: str | None) -> bool:
    """Store the decision. True for the one caller that decided."""
    digest = crypto.digest(user_code)
    return await connection.fetchval(_SQL["decide_device"], digest, state, grant_id) is not None
