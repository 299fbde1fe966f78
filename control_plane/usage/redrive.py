"""Posts dead letters again, after the cause of their failure was fixed.

Each is posted and resolved in a transaction of its own; what fails again stays unresolved.
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
    """Returns how many were resolved, including those posted meanwhile, which move nothing."""
    partitions, done = Partitions(pool), 0
    for letter in await dead_letters.list_unresolved(pool):
        try:
            await _post(pool, partitions, letter)
            done += 1
        except _REFUSED as error:
            await dead_letters.update_reason(pool, letter, str(error))
    return done


async def _post(pool: Pool, partitions: Partitions, letter: DeadLetter) -> None:
    entry = read(letter.entry_id, letter.fields)
    await partitions.prepare([entry.at_ms])
    async with transaction(pool) as connection:
        await recording.record(connection, await posting.post(connection, [entry]))
        await dead_letters.resolve(connection, letter)
