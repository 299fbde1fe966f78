"""The bodies of errors that the edge itself returns, in the format that the caller reads.

A body is rendered once, with HAProxy's expression for the request id in it, and quoted for
HAProxy's configuration (configuration manual, 2.2 and 8.2.6). What is not HTTP at all, such as a
malformed request line, gets HAProxy's built-in page: it answers that before any configuration.
"""

from dataclasses import dataclass

from shared import error_formats, errors
from shared.error_formats import Format

_REQUEST_ID = "%[unique-id]"
_PLACEHOLDER = "request-id-placeholder"


class _BadGateway(errors.ServiceUnavailable):
    """The service is temporarily unavailable. Nothing was charged. Try again."""

    status = 502


class _GatewayTimeout(errors.ServiceUnavailable):
    """The service did not respond in time. Try again."""

    status = 504


# The last two: a plane failed, not a model's provider, so to the client it is unavailable.
_REFUSALS: tuple[type[errors.Refusal], ...] = (
    errors.InvalidRequest,
    errors.Forbidden,
    errors.NotFound,
    errors.PayloadTooLarge,
    errors.ExpectationFailed,
    errors.InternalError,
    errors.ServiceUnavailable,
    _BadGateway,
    _GatewayTimeout,
)


FORMATS: tuple[Format, ...] = tuple(
    dict.fromkeys([error_formats.openai, *(rule.write for rule in error_formats.RULES)])
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of `shared/error_formats.py` with the name of its format."""

    pattern: str
    header: str
    format: str


def rules() -> list[Rule]:
    """In the order of their precedence."""
    return [Rule(each.pattern, each.header, _name(each.write)) for each in error_formats.RULES]


def by_format() -> dict[str, dict[int, str]]:
    """The bodies by status, by the name of the format. The first is that of all other requests."""
    return {_name(write): _bodies(write) for write in FORMATS}


def _name(write: Format) -> str:
    return write.__name__


def _bodies(write: Format) -> dict[int, str]:
    return {kind.status: _quoted(write(kind(), _PLACEHOLDER)) for kind in _REFUSALS}


def _quoted(body: bytes) -> str:
    """As a single-quoted log-format string: `%` is doubled, a quote ends and reopens the string."""
    text = body.decode().replace("%", "%%").replace("'", "'\\''")
    return f"'{text.replace(_PLACEHOLDER, _REQUEST_ID)}'"
