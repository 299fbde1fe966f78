"""Credits, the audit, and usage entries that could not be posted."""

from redis.asyncio import Redis

from control_plane.identity.users import service as users
from control_plane.kit.database import Pool, transaction
from control_plane.ledger import grants as credit_grants
from control_plane.ledger.audit.auditor import Auditor
from control_plane.ledger.audit.report import AuditReport
from control_plane.ledger.records import NewLot, Source
from control_plane.usage import dead_letters, redrive
from control_plane.usage.dead_letters import DeadLetter
from shared.credits import MICRO


async def grant_credits(pool: Pool, email: str, credits: int) -> None:
    """Grant whole credits that never expire. The workers deliver them to Redis.

    Raises NotFound or ValidationFailed.
    """
    async with transaction(pool) as connection:
        user = await users.load_by_email(connection, email)
        await credit_grants.grant(connection, user.id, NewLot(Source.GRANTED, credits * MICRO))


async def audit(pool: Pool, redis: Redis) -> AuditReport:
    """Reconcile every account between PostgreSQL and Redis, and record the run."""
    return await Auditor(pool, redis).run()


async def list_dead_letters(pool: Pool) -> list[DeadLetter]:
    """Outbox entries that could not be posted and are not resolved yet, oldest first."""
    return await dead_letters.list_unresolved(pool)


async def redrive_dead_letters(pool: Pool) -> int:
    """Post the dead letters that can be posted now and return how many; the others stay."""
    return await redrive.redrive(pool)
