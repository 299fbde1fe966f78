"""Codes on paper, for the day when phone and keys are lost. Pure."""

import secrets

from control_plane.kit import crypto

NUMBER = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that reads like something else. Sixteen of these are 79 bits."""


def create() -> list[str]:
    """Ten, each `xxxx-xxxx-xxxx-xxxx`."""
    return ["-".join(_group() for _ in range(4)) for _ in range(NUMBER)]


def digest(key: bytes, user_id: str, code: str) -> bytes:
    """How one is kept, however it was typed."""
    typed = "".join(each for each in code.lower() if each.isalnum())
    return crypto.derive_key(key, "recovery code", user_id, typed)


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(4))
