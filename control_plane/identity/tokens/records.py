"""Signing keys as they are stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A stored signing key. `private_sealed` is ciphertext. `active`: it may sign already."""

    kid: str
    public_jwk: dict[str, Any]
    private_sealed: bytes
    created_at: datetime | None = None
    active: bool = True
    retired: bool = False
