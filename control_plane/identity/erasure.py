"""Erases personal data of accounts deleted more than 30 days ago.

Amounts, and which model was used when, are kept under the account's id, so that the ledger stays
complete. Everything personal is deleted, and the e-mail address can be used again.
"""

from control_plane.kit import queries
from control_plane.kit.database import Pool

_ERASE = queries.load("control_plane.identity")["erase"]
_BATCH = 100


async def erase_deleted(pool: Pool) -> int:
    """Erase all accounts that are due, in batches; returns how many."""
    erased = 0
    while batch := int(await pool.fetchval(_ERASE, _BATCH)):
        erased += batch
    return erased
