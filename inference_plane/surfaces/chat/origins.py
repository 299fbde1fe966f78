"""The vendor of a signature, as OpenRouter names it in `reasoning_details[].format`.

Source: OpenRouter docs, "Reasoning tokens".
"""

_FORMATS = {"anthropic": "anthropic-claude-v1", "google": "google-gemini-v1"}
_ORIGINS = {format_: origin for origin, format_ in _FORMATS.items()}


def format_of(origin: str) -> str:
    """The format of a vendor's signatures; `unknown` for another vendor."""
    return _FORMATS.get(origin, "unknown")


def origin_of(format_: str | None) -> str:
    """The vendor of a format; empty for an unknown one."""
    return _ORIGINS.get(format_ or "", "")
