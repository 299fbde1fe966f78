"""Recognizes that a provider found a prompt too long, and says so in every vendor's words."""

import re

from shared.errors import ContextLengthExceeded
from shared.wordings import prompt_too_long

_NUMBERS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"prompt is too long: (?P<size>\d+) tokens > (?P<limit>\d+)",
        r"exceed context limit: (?P<size>\d+) \+ (?P<more>\d+) > (?P<limit>\d+)",
        r"context length is (?P<limit>\d+) tokens.*?(?:requested|resulted in) (?P<size>\d+)",
        r"input token count \((?P<size>\d+)\) exceeds .*?\((?P<limit>\d+)\)",
    )
)
_WITHOUT_NUMBERS = re.compile(
    r"prompt is too long|exceeds the context window|maximum context length", re.IGNORECASE
)


def refusal(
    vendor: str, message: str, param: str | None, provider_status: int
) -> ContextLengthExceeded | None:
    """The refusal behind an error of `vendor`'s; None if it is about something else.

    Its own clients get its own words: Claude Code reads more than one form.
    """
    found = next((match for each in _NUMBERS if (match := each.search(message))), None)
    if found is None and not _WITHOUT_NUMBERS.search(message):
        return None
    details: dict[str, int] = {"provider_status": provider_status}
    wordings = {"anthropic": "prompt is too long"}
    if found is not None:
        named = {name: int(value) for name, value in found.groupdict().items()}
        size = named["size"] + named.get("more", 0)
        details |= {"size": size, "limit": named["limit"]}
        wordings = prompt_too_long(size, named["limit"])
    return ContextLengthExceeded(
        message, param=param, details=details, wordings=wordings | {vendor: message}
    )
