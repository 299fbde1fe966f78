"""Links sent by e-mail: one purpose, one use, a short lifetime, stored as digests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from control_plane.kit import crypto, queries
from control_plane.kit.database import Connection, Pool
from shared.errors import NotFound

_SQL = queries.load("control_plane.identity.users")


class InvalidLink(NotFound):
    """This link has expired or was already used."""


class Purpose(StrEnum):
    """What a link authorizes."""

    VERIFY = "verify_email"
    RESET = "reset_password"
    CHANGE = "change_email"
    REVERT = "revert_email"


LIFETIME_S = {
    Purpose.VERIFY: 3 * 86400,
    Purpose.RESET: 3600,
    Purpose.CHANGE: 86400,
    Purpose.REVERT: 7 * 86400,
}


_DAILY_MAX = 5
"""Mails to one address within a day, for each purpose."""


@dataclass(frozen=True, slots=True)
class Link:
    """The user, and the address the link was sent to."""

    user_id: str
    email: str


async def create(connection: Connection, purpose: Purpose, link: Link) -> str:
    """Create a link and return its secret. Earlier links for this purpose stop working.

    Revert links stay valid, since whoever took over an account could change the address twice.
    """
    secret = crypto.create_secret()
    if purpose is not Purpose.REVERT:
        await connection.execute(_SQL["end_links"], link.user_id, purpose)
    digest, lifetime_s = crypto.digest(secret), LIFETIME_S[purpose]
    await connection.execute(
        _SQL["create_link"], digest, link.user_id, purpose, link.email, lifetime_s
    )
    return secret


async def find(source: Connection | Pool, purpose: Purpose, secret: str) -> Link | None:
    """The valid link with this secret, without using it: mail clients open links, too."""
    row = await source.fetchrow(_SQL["find_link"], crypto.digest(secret), purpose)
    return Link(**row) if row else None


async def consume(source: Connection | Pool, purpose: Purpose, secret: str) -> Link | None:
    """Use the link. None when it was used before or has expired."""
    row = await source.fetchrow(_SQL["consume_link"], crypto.digest(secret), purpose)
    return Link(**row) if row else None


async def may_send(connection: Connection, purpose: Purpose, email: str) -> bool:
    """Whether one more mail for this purpose may go to this address today."""
    lifetime_s = LIFETIME_S[purpose]
    sent = int(await connection.fetchval(_SQL["count_sent"], email, purpose, lifetime_s))
    return sent < _DAILY_MAX


async def end_open(connection: Connection, user_id: str) -> None:
    """End all links of a user except revert links, which only go to previous addresses."""
    await connection.execute(_SQL["end_open_links"], user_id)


async def end_all(connection: Connection, user_id: str) -> None:
    """End all links of a user."""
    await connection.execute(_SQL["end_all_links"], user_id)


async def load_sent_at(connection: Connection, purpose: Purpose, secret: str) -> datetime:
    """When the link that `consume` has just returned was created."""
    ends: datetime = await connection.fetchval(_SQL["load_link_end"], crypto.digest(secret))
    return ends - timedelta(seconds=LIFETIME_S[purpose])


async def end_since(connection: Connection, user_id: str, secret: str) -> None:
    """End this user's other links, except revert links that are older than this one.

    If two people keep reverting each other's change, the owner of the oldest address wins.
    """
    await connection.execute(_SQL["end_links_since"], user_id, crypto.digest(secret))


async def prune(source: Connection | Pool) -> None:
    """Delete links that expired long ago."""
    await source.execute(_SQL["prune_links"])
