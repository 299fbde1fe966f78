"""Stateless WebAuthn challenges: nonce, expiry, and a MAC over purpose and browser. Pure.

A challenge needs no row until it is used; see `store.use_challenge`. Source: Web Authentication
Level 3, "Cryptographic Challenges".
"""

import hmac
import os

from control_plane.kit import crypto

LIFETIME_S = 600
_NONCE, _EXPIRY, _MAC = 16, 8, 32


def create(key: bytes, purpose: str, browser: str, now_s: float) -> bytes:
    """A challenge of 56 bytes that expires LIFETIME_S after `now_s`."""
    head = os.urandom(_NONCE) + (int(now_s) + LIFETIME_S).to_bytes(_EXPIRY, "big")
    return head + _mac(key, purpose, browser, head)


def is_valid(key: bytes, challenge: bytes, purpose: str, browser: str, now_s: float) -> bool:
    """Whether we issued it for this purpose to this browser, and it has not expired."""
    head = challenge[: _NONCE + _EXPIRY]
    if not hmac.compare_digest(_mac(key, purpose, browser, head), challenge[_NONCE + _EXPIRY :]):
        return False
    return int.from_bytes(head[_NONCE:], "big") > now_s


def _mac(key: bytes, purpose: str, browser: str, head: bytes) -> bytes:
    return crypto.derive_key(key, "challenge", purpose, browser, head.hex())
