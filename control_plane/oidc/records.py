"""Keys and clients of the provider."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A signing key as it is kept: the private half is ciphertext."""

    kid: str
    public_jwk: dict[str, Any]
    private_sealed: bytes


@dataclass(frozen=True, slots=True)
class Client:
    """An application that may ask for tokens."""

    id: str
    name: str
    scopes: list[str]
