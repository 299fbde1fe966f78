"""The refusal of a request that no endpoint serves: 404, or 405 where only the method is wrong.

It names the path, what was probably meant, and what exists near it.
"""

import difflib
from collections.abc import Sequence

from shared.endpoints import corrections, not_served, served
from shared.endpoints.not_served import NotServed
from shared.endpoints.served import ENDPOINTS, Endpoint
from shared.errors import MethodNotAllowed, NotFound, Refusal

_SHOWN_MAX = 120
_NEARBY_MAX = 3
_SIMILAR = 0.7
_BASES = {
    "openai": "The base URL of OpenAI's clients is this server's address and `/v1`.",
    "anthropic": "The base URL of Anthropic's clients is this server's address without a path.",
    "google": "The base URL of Google's clients is this server's address without a path.",
    "": "",
}


def refusal(method: str, path: str, allowed: Sequence[str] = ()) -> Refusal:
    """For a request that the plane it reached does not serve. `path` is decoded.

    `allowed` are the methods of a route that is not in the table, such as a page's.
    """
    known = not_served.find(path)
    if known is not None:
        return _not_served(path, known)
    endpoint = served.find(path)
    if endpoint is not None:
        allowed = endpoint.methods
    elif ":" in path:
        allowed = ()  # The router took a method of Gemini's for part of an id.
    if method in allowed:
        return NotFound(f"`{_shown(path)}` is not served at this address.")
    return not_allowed(method, path, allowed) if allowed else _not_found(path)


def not_allowed(method: str, path: str, allowed: Sequence[str]) -> MethodNotAllowed:
    """405 with `Allow` (RFC 9110, section 15.5.6)."""
    message = f"`{_shown(path)}` has no method {_shown(method)}. Use {' or '.join(allowed)}."
    return MethodNotAllowed(message, headers={"Allow": ", ".join(allowed)})


def _not_found(path: str) -> NotFound:
    if len(path) > corrections.PATH_MAX:
        return _unknown(path)
    for candidate in corrections.versioned(path):
        meant, known = served.find(candidate), not_served.find(candidate)
        if known is not None:
            return _not_served(path, known)
        if meant is not None:
            return _misspelled(path, candidate, meant)
    for candidate in corrections.endings(path):
        meant = served.find(candidate)
        if meant is not None:
            return _misspelled(path, candidate, meant)
    return _unknown(path)


def _not_served(path: str, known: NotServed) -> NotFound:
    return NotFound(known.message(), details={"path": _shown(path)})


def _misspelled(path: str, meant: str, endpoint: Endpoint) -> NotFound:
    nearby = f"{' or '.join(endpoint.methods)} {_shown(meant)}"
    why = corrections.reason(path, meant) or _BASES[endpoint.vendor]
    message = f"`{_shown(path)}` does not exist. Did you mean `{nearby}`? {why}".rstrip()
    return NotFound(message, details={"path": _shown(path), "nearby": [nearby]})


def _unknown(path: str) -> NotFound:
    nearby = [str(each) for each in _near(path)]
    listed = " or ".join(f"`{each}`" for each in nearby)
    more = f" Did you mean {listed}?" if nearby else ""
    details = {"path": _shown(path), "nearby": nearby}
    return NotFound(f"`{_shown(path)}` does not exist.{more}", details=details)


def _near(path: str) -> list[Endpoint]:
    by_path = {each.path: each for each in ENDPOINTS}
    found = difflib.get_close_matches(path[:_SHOWN_MAX], by_path, _NEARBY_MAX, _SIMILAR)
    return [by_path[each] for each in found]


def _shown(text: str) -> str:
    """As it may be sent back: not too long, and nothing that UTF-8 cannot hold."""
    readable = text.encode(errors="replace").decode()
    return readable if len(readable) <= _SHOWN_MAX else f"{readable[:_SHOWN_MAX]}…"
