"""The queue of e-mails in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from control_plane.notifications.emails import Email

_SQL = queries.load("control_plane.notifications")


@dataclass(frozen=True, slots=True)
class QueuedEmail:
    """An e-mail with its recipient. Text and HTML are deleted once it was sent."""

    id: int
    recipient: str
    subject: str
    body: str
    html: str
    created_at: datetime


async def enqueue(source: Connection | Pool, recipient: str, email: Email) -> None:
    """Queue an e-mail; it is sent after the caller's transaction commits."""
    await source.execute(_SQL["enqueue"], recipient, email.subject, email.body, email.html)


async def list_recent(source: Connection | Pool) -> list[QueuedEmail]:
    """The last 50, newest first."""
    return [QueuedEmail(**row) for row in await source.fetch(_SQL["list_recent"])]


async def find_html(source: Connection | Pool, email_id: int) -> str | None:
    found: str | None = await source.fetchval(_SQL["find_html"], email_id)
    return found


async def take_due(connection: Connection) -> list[QueuedEmail]:
    """A batch to send, locked until the caller's transaction ends."""
    return [QueuedEmail(**row) for row in await connection.fetch(_SQL["take_due"])]


async def mark_sent(connection: Connection, email: QueuedEmail) -> None:
    """Also deletes the content, because links in it are secrets."""
    await connection.execute(_SQL["mark_sent"], email.id)


async def retry_later(connection: Connection, email: QueuedEmail) -> None:
    """Retry with exponential backoff, up to one hour."""
    await connection.execute(_SQL["retry_later"], email.id)


async def discard(connection: Connection, email: QueuedEmail) -> None:
    """Delete an e-mail that must not be sent."""
    await connection.execute(_SQL["discard"], email.id)


async def prune(source: Connection | Pool) -> None:
    """Delete e-mails older than a week."""
    await source.execute(_SQL["prune"])
