"""Whose signature it is, as OpenRouter spells it in `reasoning_details[].format`."""

_FORMATS = {"anthropic": "anthropic-claude-v1", "google": "google-gemini-v1"}
_ORIGINS = {spelled: origin for origin, spelled in _FORMATS.items()}


def format_of(origin: str) -> str:
    return _FORMATS.get(origin, "unknown")


def origin_of(spelled: str | None) -> str:
    return _ORIGINS.get(spelled or "", "")
