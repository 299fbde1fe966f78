"""Passwords are kept as argon2id with the library's current parameters (RFC 9106, low memory).

Those that are too short, or on the list of the most common ones, are refused. The list is Django's
(BSD licence; made by Royce Williams from breaches), as far as its words are long enough.
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
_NOBODYS = _HASHER.hash("the password of nobody")


def find_fault(password: str) -> str | None:
    """Why this cannot be a password, for people to read."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        return f"must have {LENGTH_MIN} to {LENGTH_MAX} characters"
    if password.lower() in _COMMON or len(set(password)) < 3:
        return "is one of the most common passwords, which are tried first"
    return None


async def create_hash(password: str) -> str:
    """The argon2id hash, made off the event loop: it takes tens of milliseconds by design."""
    fault = find_fault(password)
    if fault is not None:
        raise ValidationFailed(
            f"The password {fault}.",
            param="password",
            details={"fields": [{"field": "password", "message": fault}]},
        )
    return await asyncio.to_thread(_HASHER.hash, password)


async def check(password: str, password_hash: str | None) -> bool:
    """Whether this is the password; false, too, for a hash that cannot be read. Without any hash
    it takes as long as with one.
    """
    right = await asyncio.to_thread(_check, password[:LENGTH_MAX], password_hash or _NOBODYS)
    return right and password_hash is not None


def is_old(password_hash: str) -> bool:
    """Whether it was made with parameters that are not today's."""
    return _HASHER.check_needs_rehash(password_hash)


async def rehash(password: str) -> str:
    """The same password again, whatever the rules are by now."""
    return await asyncio.to_thread(_HASHER.hash, password)


def _check(password: str, password_hash: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
