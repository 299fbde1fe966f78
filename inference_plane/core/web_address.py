"""Tells an address on the web from a name of something that Google keeps.

Gemini takes both in one field. Source: Gemini API reference, https://ai.google.dev/api/caching,
"FileData", and https://ai.google.dev/api/files.
"""

import re

_WEB = re.compile(r"https?://([a-z0-9.-]+)(?::\d+)?(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)
_OBJECTS = "storage.googleapis.com"
"""Objects are public there, or signed by whoever owns them."""


def is_public(uri: str) -> bool:
    """Whether this is plainly an address of somebody else's; anything in doubt is not."""
    found = _WEB.fullmatch(uri)
    host = found[1].lower().rstrip(".") if found else ""
    return bool(host) and (host == _OBJECTS or not f".{host}".endswith(".googleapis.com"))
