"""Carries one vendor's signatures through another vendor's fields, and back verbatim.

Only the origin of a signature accepts it. A field that belongs to one vendor holds that vendor's
own as they are; a stranger's is marked with its origin, so that it is found again when the
conversation goes back to it, and left out when it goes elsewhere.
"""

import base64
import binascii

_MARK = "headrace:"
_URL_SAFE = str.maketrans("-_", "+/")


def mark(origin: str, signature: str, home: str) -> str:
    """`signature` as it stands in a field of `home`."""
    return signature if origin == home else f"{_MARK}{origin}:{signature}"


def unmark(sealed: str, home: str) -> tuple[str, str]:
    """Origin and signature."""
    if not sealed.startswith(_MARK):
        return home, sealed
    origin, _, signature = sealed[len(_MARK) :].partition(":")
    return origin, signature


def standard_base64(given: str) -> str:
    """Base64 in the alphabet, and with the padding, that every vendor reads. Source: RFC 4648."""
    plain = given.rstrip("=").translate(_URL_SAFE)
    return plain + "=" * (-len(plain) % 4)


def mark_base64(origin: str, signature: str, home: str) -> str:
    """For fields that must hold base64, which Google's clients decode."""
    if origin == home:
        return signature
    return base64.b64encode(mark(origin, signature, home).encode()).decode()


def unmark_base64(sealed: str, home: str) -> tuple[str, str]:
    """Google's clients write base64 in either alphabet."""
    try:
        text = base64.b64decode(standard_base64(sealed), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return home, sealed
    return unmark(text, home) if text.startswith(_MARK) else (home, sealed)
