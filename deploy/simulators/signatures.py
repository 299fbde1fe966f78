"""Signs what the simulated model thought, and knows its own signatures again.

Vendors hand out opaque signatures over a model's thinking and refuse one they did not issue. The
key is fixed on purpose: it protects nothing, and a provider that was restarted still knows what it
signed before.
"""

import base64
import hashlib
import hmac

_KEY = b"simulated"


def sign(purpose: str, text: str = "") -> str:
    """Base64 that only `is_signed` with the same purpose and text accepts."""
    nonce = hashlib.sha256(text.encode()).digest()[:12]
    return base64.b64encode(nonce + _mac(purpose, nonce) + b"\0" * 4).decode()


def is_signed(signature: str, purpose: str, text: str | None = None) -> bool:
    """Whether it was issued for that purpose, and for this text if one is given."""
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    nonce, mac = raw[:12], raw[12:44]
    if text is not None and nonce != hashlib.sha256(text.encode()).digest()[:12]:
        return False
    return hmac.compare_digest(mac, _mac(purpose, nonce))


def _mac(purpose: str, nonce: bytes) -> bytes:
    return hmac.digest(_KEY, purpose.encode() + nonce, "sha256")
