"""Proof Key for Code Exchange (RFC 7636), method S256 only."""

import base64
import hashlib
import re

from control_plane.kit import crypto

_ALPHABET = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def is_well_formed(text: str) -> bool:
    """43 to 128 unreserved characters, as verifiers and challenges have."""
    return _ALPHABET.fullmatch(text) is not None


def matches(verifier: str, challenge: str) -> bool:
    """Whether the challenge is BASE64URL(SHA256(verifier)). Constant time."""
    expected = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return crypto.is_same(expected.decode(), challenge)
