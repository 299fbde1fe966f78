"""Normalisation of e-mail addresses before they are stored or looked up."""

import re
import unicodedata

from shared.errors import ValidationFailed

_SHAPE = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f.]+(\.[^@\s\x00-\x1f.]+)+")


def normalise(address: str) -> str:
    """Trimmed, NFKC, lower case. Raises ValidationFailed for an invalid address. Pure."""
    clean = unicodedata.normalize("NFKC", address).strip().lower()
    if len(clean) > 254 or not _SHAPE.fullmatch(clean):
        raise ValidationFailed(
            "This is not a valid e-mail address.",
            param="email",
            details={"fields": [{"field": "email", "message": "must be a valid e-mail address"}]},
        )
    return clean
