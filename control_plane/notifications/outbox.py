"""Mails in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from control_plane.notifications.emails import Letter

_SQL = queries.load("control_plane.notifications")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, as it is sent."""

    id: int
    recipient: str
    subject: str
    body: str
    html: str
    created_at: datetime


async def create(source: Connection | Pool, recipient: str, letter: Letter) -> None:
    """It goes out once the transaction is committed."""
    written = letter.subject, letter.body, letter.html
    await source.execute(_SQL["create"], recipient, *written)


async def list_last(source: Connection | Pool) -> list[Mail]:
    """The last fifty, newest first."""
    return [Mail(**row) for row in await source.fetch(_SQL["list_last"])]


async def find_html(source: Connection | Pool, mail_id: int) -> str | None:
    """What a mail program shows."""
    found: str | None = await source.fetchval(_SQL["find_html"], mail_id)
    return found


async def take_due(connection: Connection) -> list[Mail]:
    """Locked until the transaction ends."""
    return [Mail(**row) for row in await connection.fetch(_SQL["take_due"])]


async def note_sent(connection: Connection, mail: Mail) -> None:
    await connection.execute(_SQL["note_sent"], mail.id)


async def put_off(connection: Connection, mail: Mail) -> None:
    await connection.execute(_SQL["put_off"], mail.id)


async def prune(source: Connection | Pool) -> None:
    """Forget those of a week ago."""
    await source.execute(_SQL["prune"])
