"""Second factors in PostgreSQL. Whatever may be used once is used by one statement."""

from collections.abc import Sequence
from datetime import datetime

from control_plane.identity.mfa.passkeys import Made
from control_plane.identity.mfa.records import Factors, Passkey, Totp
from control_plane.kit import crypto, queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.identity.mfa")
STEP_S = 600
TRIES_MAX = 5


async def load(source: Connection | Pool, user_id: str) -> Factors:
    """What this user has."""
    totp = await find_totp(source, user_id)
    left = int(await source.fetchval(_SQL["count_recovery_codes"], user_id))
    confirmed = totp is not None and totp.confirmed
    return Factors(confirmed, left, await list_passkeys(source, user_id))


async def find_totp(source: Connection | Pool, user_id: str) -> Totp | None:
    row = await source.fetchrow(_SQL["find_totp"], user_id)
    return Totp(**row) if row else None


async def propose_totp(source: Connection | Pool, user_id: str, sealed: bytes) -> bool:
    """False while another is in use."""
    return await source.fetchval(_SQL["propose_totp"], user_id, sealed) is not None


async def use_totp(source: Connection | Pool, user_id: str, step: int) -> bool:
    """False when a code of this step, or a later one, was used before."""
    return await source.fetchval(_SQL["use_totp"], user_id, step) is not None


async def remove_totp(source: Connection | Pool, user_id: str) -> None:
    await source.execute(_SQL["remove_totp"], user_id)


async def replace_recovery_codes(
    connection: Connection, user_id: str, hashes: Sequence[bytes]
) -> None:
    """Those before open nothing any more. The caller's transaction."""
    await connection.execute(_SQL["remove_recovery_codes"], user_id)
    await connection.execute(_SQL["create_recovery_codes"], user_id, list(hashes))


async def use_recovery_code(source: Connection | Pool, user_id: str, code_hash: bytes) -> bool:
    """False for a wrong one, or one that was used."""
    return await source.fetchval(_SQL["use_recovery_code"], user_id, code_hash) is not None


async def list_passkeys(source: Connection | Pool, user_id: str) -> list[Passkey]:
    """The oldest first."""
    return [Passkey(**row) for row in await source.fetch(_SQL["list_passkeys"], user_id)]


async def find_passkey(source: Connection | Pool, credential_id: bytes) -> Passkey | None:
    """Of a user who may sign in."""
    row = await source.fetchrow(_SQL["find_passkey"], credential_id)
    return Passkey(**row) if row else None


async def create_passkey(source: Connection | Pool, user_id: str, name: str, made: Made) -> bool:
    """False when it is somebody's already."""
    given = (made.credential_id, user_id, name, made.public_key, made.sign_count)
    return await source.fetchval(_SQL["create_passkey"], *given) is not None


async def use_passkey(source: Connection | Pool, credential_id: bytes, count: int) -> bool:
    """False when its counter has not grown."""
    return await source.fetchval(_SQL["use_passkey"], credential_id, count) is not None


async def remove_passkey(
    source: Connection | Pool, user_id: str, credential_id: bytes
) -> str | None:
    """Its name; None when this user has no such key."""
    found: str | None = await source.fetchval(_SQL["remove_passkey"], user_id, credential_id)
    return found


async def remove_all(connection: Connection, user_id: str) -> None:
    """Nothing but the password is left. The caller's transaction."""
    for name in ("remove_totp", "remove_recovery_codes", "remove_passkeys"):
        await connection.execute(_SQL[name], user_id)


async def remove_since(connection: Connection, user_id: str, moment: datetime) -> None:
    """What was added from then on, and all recovery codes."""
    await connection.execute(_SQL["remove_since"], user_id, moment)


async def spend(source: Connection | Pool, challenge: bytes) -> bool:
    """False when it was answered before."""
    return await source.fetchval(_SQL["spend"], challenge) is not None


async def begin_step(source: Connection | Pool, browser: str, user_id: str) -> None:
    """This user's password was right in this browser."""
    await source.execute(_SQL["begin_step"], crypto.digest(browser), user_id, STEP_S)


async def find_step(source: Connection | Pool, browser: str) -> str | None:
    """Whose; None when there is none, it is over, or it failed too often."""
    found: str | None = await source.fetchval(_SQL["find_step"], crypto.digest(browser), TRIES_MAX)
    return found


async def take_try(source: Connection | Pool, browser: str) -> str | None:
    """As `find_step`, and takes one of its tries."""
    found: str | None = await source.fetchval(_SQL["take_try"], crypto.digest(browser), TRIES_MAX)
    return found


async def end_step(source: Connection | Pool, browser: str, user_id: str) -> bool:
    """False when another request has ended it."""
    return await source.fetchval(_SQL["end_step"], crypto.digest(browser), user_id) is not None


async def end_steps(source: Connection | Pool, user_id: str) -> None:
    """Whoever is half way in has to begin again."""
    await source.execute(_SQL["end_steps"], user_id)


async def prune(source: Connection | Pool) -> None:
    """Forget what is over."""
    await source.execute(_SQL["prune"])


async def has_factor(source: Connection | Pool, user_id: str) -> bool:
    """Whether this user can show more than a password."""
    return bool(await source.fetchval(_SQL["has_factor"], user_id))
