"""What becomes of an account nobody has come back to: the person is forgotten, the books stay.

Amounts, and which model was used when, must add up for ever; they are kept under the account's id,
which by then leads to nobody. Everything else goes, and the address is free for somebody else.
"""

from control_plane.kit import queries
from control_plane.kit.database import Pool

_ERASE = queries.load("control_plane.identity")["erase"]
_BATCH = 100


async def erase_deleted(pool: Pool) -> int:
    """Forget whoever was deleted more than thirty days ago; returns how many."""
    forgotten = 0
    while batch := int(await pool.fetchval(_ERASE, _BATCH)):
        forgotten += batch
    return forgotten
