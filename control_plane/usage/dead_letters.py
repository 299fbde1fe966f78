"""Where an outbox entry goes that cannot be booked: kept whole, so that it can be, once mended.

The audit counts what lies here as still on its way, so the books stay provable meanwhile.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.usage")
_CREATE, _LIST = _SQL["create_dead_letter"], _SQL["list_dead_letters"]
_RESOLVE, _KEEP_REASON = _SQL["resolve_dead_letter"], _SQL["keep_reason"]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`fields` are the entry's own, `reason` is why it could not be booked."""

    stream: str
    entry_id: str
    fields: Mapping[bytes, bytes]
    reason: str
    deliveries: int


async def create(pool: Pool, letter: DeadLetter) -> None:
    """Keep it. A second time changes nothing."""
    fields = {_text(name): _text(value) for name, value in letter.fields.items()}
    await pool.execute(
        _CREATE,
        *(letter.stream, letter.entry_id, json.dumps(fields), letter.reason, letter.deliveries),
    )


async def list_waiting(pool: Pool) -> list[DeadLetter]:
    """Those that are not booked yet, the oldest first."""
    return [
        DeadLetter(
            *(row["stream"], row["entry_id"]),
            {name.encode(): value.encode() for name, value in json.loads(row["fields"]).items()},
            *(row["reason"], row["deliveries"]),
        )
        for row in await pool.fetch(_LIST)
    ]


async def resolve(connection: Connection, letter: DeadLetter) -> None:
    """It is booked, in this transaction."""
    await connection.execute(_RESOLVE, letter.stream, letter.entry_id)


async def keep_reason(pool: Pool, letter: DeadLetter, reason: str) -> None:
    """It could not be booked again, perhaps for another reason now."""
    await pool.execute(_KEEP_REASON, letter.stream, letter.entry_id, reason)


def _text(value: bytes) -> str:
    """JSON in PostgreSQL holds no NUL and no broken UTF-8: both are written out."""
    return value.decode(errors="backslashreplace").replace("\0", "\\x00")
