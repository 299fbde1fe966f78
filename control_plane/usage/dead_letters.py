"""Outbox entries that could not be posted, stored unchanged for a later redrive.

The audit counts them as not posted yet, so the ledger stays reconciled.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.usage")
_CREATE, _LIST = _SQL["create_dead_letter"], _SQL["list_dead_letters"]
_RESOLVE, _UPDATE_REASON = _SQL["resolve_dead_letter"], _SQL["update_reason"]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`fields` are those of the stream entry; `reason` is why it could not be posted."""

    stream: str
    entry_id: str
    fields: Mapping[bytes, bytes]
    reason: str
    deliveries: int


async def create(pool: Pool, letter: DeadLetter) -> None:
    """Store an entry. Storing it again changes nothing."""
    fields = {_text(name): _text(value) for name, value in letter.fields.items()}
    await pool.execute(
        _CREATE,
        letter.stream,
        letter.entry_id,
        json.dumps(fields),
        letter.reason,
        letter.deliveries,
    )


async def list_unresolved(pool: Pool) -> list[DeadLetter]:
    """Unresolved dead letters, oldest first."""
    return [
        DeadLetter(
            stream=row["stream"],
            entry_id=row["entry_id"],
            fields={
                name.encode(): value.encode() for name, value in json.loads(row["fields"]).items()
            },
            reason=row["reason"],
            deliveries=row["deliveries"],
        )
        for row in await pool.fetch(_LIST)
    ]


async def resolve(connection: Connection, letter: DeadLetter) -> None:
    """Mark it resolved, in the transaction that posts it."""
    await connection.execute(_RESOLVE, letter.stream, letter.entry_id)


async def update_reason(pool: Pool, letter: DeadLetter, reason: str) -> None:
    """Store the reason of the latest failure."""
    await pool.execute(_UPDATE_REASON, letter.stream, letter.entry_id, reason)


def _text(value: bytes) -> str:
    """Escape NUL and invalid UTF-8, which jsonb cannot store."""
    return value.decode(errors="backslashreplace").replace("\0", "\\x00")
