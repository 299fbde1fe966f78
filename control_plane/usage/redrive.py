"""Books entries that were kept aside, once what was wrong with them has been mended.

Each in a transaction of its own, with its note that it is done: what cannot be booked stays.
"""

import asyncpg

from control_plane.kit.database import Pool, transaction
from control_plane.ledger import posting
from control_plane.ledger.outbox_entry import Unpostable, read
from control_plane.usage import dead_letters, recording
from control_plane.usage.dead_letters import DeadLetter
from control_plane.usage.recording import Partitions

_REFUSED = (Unpostable, asyncpg.IntegrityConstraintViolationError, asyncpg.DataError)


async def redrive(pool: Pool) -> int:
    """How many could be booked now; one that was booked meanwhile counts, and moves nothing."""
    partitions, done = Partitions(pool), 0
    for letter in await dead_letters.list_waiting(pool):
        try:
            await _book(pool, partitions, letter)
            done += 1
        except _REFUSED as error:
            await dead_letters.keep_reason(pool, letter, str(error))
    return done


async def _book(pool: Pool, partitions: Partitions, letter: DeadLetter) -> None:
    entry = read(letter.entry_id, letter.fields)
    await partitions.prepare([entry.at_ms])
    async with transaction(pool) as connection:
        await recording.record(connection, await posting.post(connection, [entry]))
        await dead_letters.resolve(connection, letter)
