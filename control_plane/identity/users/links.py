"""Links sent by mail: for one purpose, used once, soon over, and kept as a digest only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from control_plane.kit import crypto, queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.identity.users")


class Purpose(StrEnum):
    """What the link is for."""

    VERIFY = "verify_email"
    RESET = "reset_password"
    CHANGE = "change_email"
    UNDO = "revert_email"


LIFETIME_S = {
    Purpose.VERIFY: 3 * 86400,
    Purpose.RESET: 3600,
    Purpose.CHANGE: 86400,
    Purpose.UNDO: 7 * 86400,
}


@dataclass(frozen=True, slots=True)
class Link:
    """Whose it is, and the address it was sent to."""

    user_id: str
    email: str


async def create(connection: Connection, purpose: Purpose, link: Link) -> str:
    """The secret part of a new link; those sent before for this purpose end. Not those that undo a
    change: whoever stole an account could change it twice.
    """
    secret = crypto.create_secret()
    if purpose is not Purpose.UNDO:
        await connection.execute(_SQL["end_links"], link.user_id, purpose)
    digest, lifetime_s = crypto.digest(secret), LIFETIME_S[purpose]
    await connection.execute(
        _SQL["create_link"], digest, link.user_id, purpose, link.email, lifetime_s
    )
    return secret


async def find(source: Connection | Pool, purpose: Purpose, secret: str) -> Link | None:
    """Without using it up: mail programs open links, too."""
    row = await source.fetchrow(_SQL["find_link"], crypto.digest(secret), purpose)
    return Link(**row) if row else None


async def consume(source: Connection | Pool, purpose: Purpose, secret: str) -> Link | None:
    """None for a second time, or too late."""
    row = await source.fetchrow(_SQL["consume_link"], crypto.digest(secret), purpose)
    return Link(**row) if row else None


async def load_sent_at(connection: Connection, purpose: Purpose, secret: str) -> datetime:
    """When a link was made that `consume` has just found."""
    ends: datetime = await connection.fetchval(_SQL["load_link_end"], crypto.digest(secret))
    return ends - timedelta(seconds=LIFETIME_S[purpose])


async def end_since(connection: Connection, user_id: str, secret: str) -> None:
    """All others of this user, but for those that undo what was changed before this one was sent:
    of two who take an account back from each other, the one who had it first gets it.
    """
    await connection.execute(_SQL["end_links_since"], user_id, crypto.digest(secret))


async def prune(source: Connection | Pool) -> None:
    """Forget those of long ago."""
    await source.execute(_SQL["prune_links"])
