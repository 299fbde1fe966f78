"""Secrets: creation, digests, key derivation, constant-time comparison, and AES-256-GCM."""

import base64
import hashlib
import hmac
import os
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Encrypt with a 32-byte key; returns nonce and ciphertext. `bound_to`: associated data."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Decrypt. Raises cryptography's InvalidTag for a wrong key, data or `bound_to`."""
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)


def create_secret() -> str:
    """256 random bits as base64url, for cookies, links, codes and tokens."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """The SHA-256 digest that is stored; enough for secrets of 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()


def derive(key: bytes, *parts: str) -> str:
    """`derive_key` as base64url."""
    return base64.urlsafe_b64encode(derive_key(key, *parts)).rstrip(b"=").decode()


def derive_key(key: bytes, *parts: str) -> bytes:
    """32 bytes derived from a key and parts by HMAC-SHA-256."""
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).digest()


def is_same(first: str, second: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(first.encode(), second.encode())
