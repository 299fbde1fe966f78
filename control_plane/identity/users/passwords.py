"""Password hashing with argon2id (RFC 9106, low-memory parameters), and password rules.

Short passwords and common ones are refused. The list of common passwords is Django's (BSD licence,
compiled by Royce Williams from breaches), without the entries that are too short anyway.
"""

import asyncio
import gzip
from importlib.resources import files

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from shared.errors import ValidationFailed

LENGTH_MIN, LENGTH_MAX = 10, 256
_HASHER = PasswordHasher(type=Type.ID)
_COMMON = frozenset(
    gzip.decompress(
        (files("control_plane.identity.users") / "common_passwords.txt.gz").read_bytes()
    )
    .decode()
    .split("\n")
)
_DUMMY_HASH = _HASHER.hash("dummy password")


def find_error(password: str) -> str | None:
    """What is wrong with this password, as the end of a sentence; None if nothing. Pure."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        return f"must have {LENGTH_MIN} to {LENGTH_MAX} characters"
    if password.lower() in _COMMON or len(set(password)) < 3:
        return "is too common and easy to guess"
    return None


async def create_hash(password: str) -> str:
    """The argon2id hash, computed in a thread, since it takes tens of milliseconds by design.

    Raises ValidationFailed.
    """
    error = find_error(password)
    if error is not None:
        raise ValidationFailed(
            f"The password {error}.",
            param="password",
            details={"fields": [{"field": "password", "message": error}]},
        )
    return await asyncio.to_thread(_HASHER.hash, password)


async def check(password: str, password_hash: str | None) -> bool:
    """Whether the password matches; False for an unreadable hash. Takes as long without a hash."""
    correct = await asyncio.to_thread(_check, password[:LENGTH_MAX], password_hash or _DUMMY_HASH)
    return correct and password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with other than the current parameters."""
    return _HASHER.check_needs_rehash(password_hash)


async def rehash(password: str) -> str:
    """Hash a password that was accepted earlier, without checking the current rules."""
    return await asyncio.to_thread(_HASHER.hash, password)


def _check(password: str, password_hash: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
