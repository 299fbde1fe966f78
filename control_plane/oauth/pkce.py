"""PKCE by S256 only (RFC 7636)."""

import base64
import hashlib
import re

from control_plane.kit import crypto

_ALPHABET = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def is_well_formed(text: str) -> bool:
    """43 to 128 unreserved characters: a verifier, or a challenge."""
    return _ALPHABET.fullmatch(text) is not None


def matches(verifier: str, challenge: str) -> bool:
    """Whether the challenge was made from this verifier."""
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return crypto.is_same(made.decode(), challenge)
