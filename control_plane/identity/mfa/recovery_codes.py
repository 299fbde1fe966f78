"""Recovery codes, for users who lost their other factors. Pure."""

import secrets

from control_plane.kit import crypto

NUMBER = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that are easily confused. Sixteen of them are 79 bits."""


def create() -> list[str]:
    """Ten codes, each `xxxx-xxxx-xxxx-xxxx`."""
    return ["-".join(_group() for _ in range(4)) for _ in range(NUMBER)]


def digest(key: bytes, user_id: str, code: str) -> bytes:
    """How a code is stored. Case, dashes and spaces in `code` do not matter."""
    normalised = "".join(each for each in code.lower() if each.isalnum())
    return crypto.derive_key(key, "recovery code", user_id, normalised)


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(4))
