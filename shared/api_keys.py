"""API keys as both planes know them: the form of a key, and what is published of one.

A key is 256 random bits behind a prefix that scanners of leaked secrets can find. Only its SHA-256
is stored: with so much randomness a slow hash would protect nothing more.
"""

import hashlib
import secrets

import msgspec

PREFIX = "hr_live_"
SHOWN = len(PREFIX) + 4
"""So much of a key is kept and shown, to tell keys apart."""


class ApiKey(msgspec.Struct, frozen=True):
    """`cap` is in micro-credits, -1 is none; `expires_at_s` is 0 for a key that does not expire."""

    id: str
    user_id: str
    scopes: tuple[str, ...]
    cap: int = -1
    expires_at_s: int = 0


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(ApiKey).decode


def create() -> str:
    """A new secret: told once, never stored."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
