"""Challenges for passkeys that need no row until they are answered: each carries its end and a MAC
that ties it to one purpose in one browser. Pure.
"""

import hmac
import os

from control_plane.kit import crypto

LIFETIME_S = 600
_NONCE, _END, _MAC = 16, 8, 32


def create(key: bytes, purpose: str, browser: str, now_s: float) -> bytes:
    head = os.urandom(_NONCE) + (int(now_s) + LIFETIME_S).to_bytes(_END, "big")
    return head + _mac(key, purpose, browser, head)


def is_good(key: bytes, challenge: bytes, purpose: str, browser: str, now_s: float) -> bool:
    """Ours, for this purpose, to this browser, and not over."""
    head = challenge[: _NONCE + _END]
    if not hmac.compare_digest(_mac(key, purpose, browser, head), challenge[_NONCE + _END :]):
        return False
    return int.from_bytes(head[_NONCE:], "big") > now_s


def _mac(key: bytes, purpose: str, browser: str, head: bytes) -> bytes:
    return crypto.derive_key(key, "challenge", purpose, browser, head.hex())
