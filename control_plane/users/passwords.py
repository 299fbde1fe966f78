"""Passwords are kept as argon2id with the library's current parameters (RFC 9106, low memory)."""

import asyncio

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from shared.errors import ValidationFailed

LENGTH_MIN, LENGTH_MAX = 10, 256
_HASHER = PasswordHasher(type=Type.ID)


async def create_hash(password: str) -> str:
    """The argon2id hash, made off the event loop: it takes tens of milliseconds by design."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        message = f"must have {LENGTH_MIN} to {LENGTH_MAX} characters"
        raise ValidationFailed(
            f"The password {message}.",
            param="password",
            details={"fields": [{"field": "password", "message": message}]},
        )
    return await asyncio.to_thread(_HASHER.hash, password)


async def check(password: str, password_hash: str) -> bool:
    """Whether this is the password; false, too, for a hash that cannot be read."""
    return await asyncio.to_thread(_check, password, password_hash)


def _check(password: str, password_hash: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
