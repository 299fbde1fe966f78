"""Codes that an app makes from a shared secret and the time (RFC 6238). Pure."""

import hmac

import pyotp
import segno

STEP_S = 30
_DRIFT = 1
"""Steps that a clock may be off, either way (RFC 6238, 5.2)."""


def create() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def address(secret: str, email: str, service: str) -> str:
    """What an app reads from the picture: an otpauth URI."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=service)


def picture(uri: str) -> str:
    """A QR code as an SVG element, dark on white whatever the page is."""
    drawn: str = segno.make_qr(uri, error="m").svg_inline(scale=4, border=4, light="#fff")
    return drawn


def find_step(secret: str, code: str, now_s: float, last_step: int) -> int | None:
    """The time step whose code this is; None for a wrong one, or one accepted before."""
    now = int(now_s) // STEP_S
    for step in range(max(now - _DRIFT, last_step + 1), now + _DRIFT + 1):
        if hmac.compare_digest(pyotp.TOTP(secret).at(step * STEP_S).encode(), code.encode()):
            return step
    return None
