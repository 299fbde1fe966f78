"""Time-based one-time passwords (RFC 6238). Pure.

Source of the URI: https://github.com/google/google-authenticator/wiki/Key-Uri-Format.
"""

import hmac

import pyotp
import segno

STEP_S = 30
_DRIFT_STEPS = 1
"""Steps by which a clock may be off, either way (RFC 6238, section 5.2)."""


def create_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, email: str, service: str) -> str:
    """The otpauth:// URI that authenticator apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=service)


def qr_code_svg(uri: str) -> str:
    """A QR code as an SVG element, dark on white in any color scheme."""
    svg: str = segno.make_qr(uri, error="m").svg_inline(scale=4, border=4, light="#fff")
    return svg


def match_step(secret: str, code: str, now_s: float, last_step: int) -> int | None:
    """The time step of this code; None for a wrong code or a step up to `last_step`."""
    now = int(now_s) // STEP_S
    for step in range(max(now - _DRIFT_STEPS, last_step + 1), now + _DRIFT_STEPS + 1):
        if hmac.compare_digest(pyotp.TOTP(secret).at(step * STEP_S).encode(), code.encode()):
            return step
    return None
