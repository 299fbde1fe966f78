"""Signs the simulated model's thinking, and verifies its signatures.

Vendors sign thinking and reject signatures that they did not issue. The key is fixed on purpose: it
protects nothing, and signatures stay valid across restarts. Source: Anthropic API guide,
https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking; Gemini API guide,
https://ai.google.dev/gemini-api/docs/thought-signatures.
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
