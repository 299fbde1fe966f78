"""Carries one vendor's signatures through another vendor's fields, and back unchanged.

Only the vendor that made a signature (its origin) accepts it. In a field of its own vendor it is
written unmarked; in another vendor's it is marked with its origin, so that it is recognized when
the conversation returns to that vendor, and left out for others.
"""

import base64
import binascii

_MARK = "headrace:"
_URL_SAFE = str.maketrans("-_", "+/")


def mark(origin: str, signature: str, native: str) -> str:
    """`signature` as it is written into a field of the vendor `native`."""
    return signature if origin == native else f"{_MARK}{origin}:{signature}"


def unmark(marked: str, native: str) -> tuple[str, str]:
    """The origin and the signature. An unmarked one is of the vendor `native`."""
    if not marked.startswith(_MARK):
        return native, marked
    origin, _, signature = marked[len(_MARK) :].partition(":")
    return origin, signature


def standard_base64(text: str) -> str:
    """Base64 with the standard alphabet and padding (RFC 4648, section 4)."""
    plain = text.rstrip("=").translate(_URL_SAFE)
    return plain + "=" * (-len(plain) % 4)


def mark_base64(origin: str, signature: str, native: str) -> str:
    """As `mark`, for fields that must be base64, because Google's clients decode them."""
    if origin == native:
        return signature
    return base64.b64encode(mark(origin, signature, native).encode()).decode()


def unmark_base64(marked: str, native: str) -> tuple[str, str]:
    """As `unmark`. Google's clients write base64 in either alphabet."""
    try:
        text = base64.b64decode(standard_base64(marked), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return native, marked
    return unmark(text, native) if text.startswith(_MARK) else (native, marked)
