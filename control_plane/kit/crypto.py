"""Secrets: made, kept as digests, derived, compared, or sealed by AES-256-GCM, nonce in front."""

import base64
import hashlib
import hmac
import os
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Encrypt under a 32-byte key. `bound_to`, which opening needs again, ties it to its row."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Raises cryptography's InvalidTag for another key, another row, or a changed byte."""
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)


def create_secret() -> str:
    """256 random bits, for cookies, links, codes and tokens."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """How such a secret is kept: SHA-256 is enough for what cannot be guessed."""
    return hashlib.sha256(secret.encode()).digest()


def derive(key: bytes, *parts: str) -> str:
    """A secret that follows from others, and from which they do not."""
    return base64.urlsafe_b64encode(derive_key(key, *parts)).rstrip(b"=").decode()


def derive_key(key: bytes, *parts: str) -> bytes:
    """The same as 32 bytes: HMAC-SHA-256."""
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).digest()


def is_same(given: str, wanted: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(given.encode(), wanted.encode())
