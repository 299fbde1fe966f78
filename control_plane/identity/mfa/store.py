"""Second factors in PostgreSQL. What may be used once is consumed by a single statement."""

from collections.abc import Sequence
from datetime import datetime

from control_plane.identity.mfa.passkeys import NewCredential
from control_plane.identity.mfa.records import Factors, Passkey, Totp
from control_plane.kit import crypto, queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.identity.mfa")
CHALLENGE_S = 600
ATTEMPTS_MAX = 5


async def load(source: Connection | Pool, user_id: str) -> Factors:
    """The user's second factors."""
    totp = await find_totp(source, user_id)
    left = int(await source.fetchval(_SQL["count_recovery_codes"], user_id))
    confirmed = totp is not None and totp.confirmed
    return Factors(confirmed, left, await list_passkeys(source, user_id))


async def find_totp(source: Connection | Pool, user_id: str) -> Totp | None:
    row = await source.fetchrow(_SQL["find_totp"], user_id)
    return Totp(**row) if row else None


async def create_totp(source: Connection | Pool, user_id: str, sealed: bytes) -> bool:
    """Store an unconfirmed secret. False while a confirmed one exists."""
    return await source.fetchval(_SQL["create_totp"], user_id, sealed) is not None


async def use_totp(source: Connection | Pool, user_id: str, step: int) -> bool:
    """Use a time step once; the first use confirms the secret. False when it was used before."""
    return await source.fetchval(_SQL["use_totp"], user_id, step) is not None


async def remove_totp(source: Connection | Pool, user_id: str) -> None:
    await source.execute(_SQL["remove_totp"], user_id)


async def replace_recovery_codes(
    connection: Connection, user_id: str, hashes: Sequence[bytes]
) -> None:
    """Replace all codes in the caller's transaction."""
    await connection.execute(_SQL["remove_recovery_codes"], user_id)
    await connection.execute(_SQL["create_recovery_codes"], user_id, list(hashes))


async def use_recovery_code(source: Connection | Pool, user_id: str, code_hash: bytes) -> bool:
    """False for a wrong or used code."""
    return await source.fetchval(_SQL["use_recovery_code"], user_id, code_hash) is not None


async def list_passkeys(source: Connection | Pool, user_id: str) -> list[Passkey]:
    """The user's passkeys, oldest first."""
    return [Passkey(**row) for row in await source.fetch(_SQL["list_passkeys"], user_id)]


async def find_passkey(source: Connection | Pool, credential_id: bytes) -> Passkey | None:
    """The passkey, if its user may sign in."""
    row = await source.fetchrow(_SQL["find_passkey"], credential_id)
    return Passkey(**row) if row else None


async def create_passkey(
    source: Connection | Pool, user_id: str, name: str, credential: NewCredential
) -> bool:
    """False when the credential exists already."""
    created = await source.fetchval(
        _SQL["create_passkey"],
        credential.credential_id,
        user_id,
        name,
        credential.public_key,
        credential.sign_count,
    )
    return created is not None


async def use_passkey(source: Connection | Pool, credential_id: bytes, count: int) -> bool:
    """Store the new counter. False when it has not grown."""
    return await source.fetchval(_SQL["use_passkey"], credential_id, count) is not None


async def remove_passkey(
    source: Connection | Pool, user_id: str, credential_id: bytes
) -> str | None:
    """Returns its name; None when the user has no such passkey."""
    found: str | None = await source.fetchval(_SQL["remove_passkey"], user_id, credential_id)
    return found


async def remove_all(connection: Connection, user_id: str) -> None:
    """Remove all second factors in the caller's transaction."""
    for name in ("remove_totp", "remove_recovery_codes", "remove_passkeys"):
        await connection.execute(_SQL[name], user_id)


async def remove_added_since(connection: Connection, user_id: str, moment: datetime) -> None:
    """Remove factors added at or after `moment`, and all recovery codes."""
    await connection.execute(_SQL["remove_added_since"], user_id, moment)


async def use_challenge(source: Connection | Pool, challenge: bytes) -> bool:
    """Mark a WebAuthn challenge used. False when it was used before."""
    return await source.fetchval(_SQL["use_challenge"], challenge) is not None


async def start_challenge(source: Connection | Pool, browser: str, user_id: str) -> None:
    """The user's password was correct in this browser; a second factor is required next."""
    await source.execute(_SQL["start_challenge"], crypto.digest(browser), user_id, CHALLENGE_S)


async def find_challenge(source: Connection | Pool, browser: str) -> str | None:
    """The user of this browser's pending challenge; None if absent, expired, or out of attempts."""
    found: str | None = await source.fetchval(
        _SQL["find_challenge"], crypto.digest(browser), ATTEMPTS_MAX
    )
    return found


async def take_attempt(source: Connection | Pool, browser: str) -> str | None:
    """Like `find_challenge`, and counts one attempt."""
    found: str | None = await source.fetchval(
        _SQL["take_attempt"], crypto.digest(browser), ATTEMPTS_MAX
    )
    return found


async def complete_challenge(source: Connection | Pool, browser: str, user_id: str) -> bool:
    """End the challenge after success. False when another request has ended it."""
    return (
        await source.fetchval(_SQL["complete_challenge"], crypto.digest(browser), user_id)
        is not None
    )


async def cancel_challenges(source: Connection | Pool, user_id: str) -> None:
    """End all pending challenges of a user."""
    await source.execute(_SQL["cancel_challenges"], user_id)


async def prune(source: Connection | Pool) -> None:
    """Delete expired rows."""
    await source.execute(_SQL["prune"])


async def has_second_factor(source: Connection | Pool, user_id: str) -> bool:
    """Whether the user has a confirmed TOTP secret or a passkey."""
    return bool(await source.fetchval(_SQL["has_second_factor"], user_id))
