"""Seals what must not be readable in a dump of the database: AES-256-GCM, nonce in front."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Encrypt under a 32-byte key. `bound_to`, which opening needs again, ties it to its row."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Raises cryptography's InvalidTag for another key, another row, or a changed byte."""
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
