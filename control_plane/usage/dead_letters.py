"""Where an outbox entry goes that cannot be booked: kept whole, so that it can be, once mended.

The audit counts what lies here as still on its way, so the books stay provable meanwhile.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from control_plane.kit import queries
from control_plane.kit.database import Pool

_CREATE = queries.load("control_plane.usage")["create_dead_letter"]


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


def _text(value: bytes) -> str:
    """JSON in PostgreSQL holds no NUL and no broken UTF-8: both are written out."""
    return value.decode(errors="backslashreplace").replace("\0", "\\x00")
