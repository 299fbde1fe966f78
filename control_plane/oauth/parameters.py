"""Request parameters (RFC 6749, section 3.1): at most once each; unknown ones are ignored."""

from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl

from aiohttp import web

from control_plane.oauth.errors import invalid_request

_FIELDS_MAX = 100
_FORM = "application/x-www-form-urlencoded"


class Parameters:
    """Parameters without a value are treated as absent."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._values = dict(pairs)
        self._names = [name for name, _ in pairs]

    def find(self, name: str) -> str | None:
        return self._values.get(name) or None

    def load(self, name: str) -> str:
        """A required parameter. Raises OAuthError invalid_request."""
        value = self.find(name)
        if value is None:
            raise invalid_request(f"missing required parameter '{name}'")
        return value

    def items(self) -> Iterable[tuple[str, str]]:
        """Names and values; the last value of a repeated parameter."""
        return self._values.items()

    def is_single(self, name: str) -> bool:
        return self._names.count(name) <= 1 and "\0" not in self._values.get(name, "")

    def check_single(self) -> None:
        """Raises OAuthError invalid_request for a repeated parameter or one that contains NUL."""
        if not all(self.is_single(name) for name in self._values):
            raise invalid_request("a parameter is repeated or contains an invalid character")


def parse_query(request: web.Request) -> Parameters:
    return Parameters(list(request.query.items()))


async def parse_form(request: web.Request) -> Parameters:
    """Parse a form body. Raises OAuthError invalid_request."""
    if request.content_type != _FORM:
        raise invalid_request(f"the body must be {_FORM}")
    return Parameters(_pairs(await request.read()))


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_MAX, errors="strict"
        )
    except ValueError as error:
        raise invalid_request("the body is not a valid form") from error
