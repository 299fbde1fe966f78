"""The bodies of errors that the edge itself returns, in the shape of the surface that was called.

A body is rendered once, with HAProxy's expression for the request id in it, and quoted for
HAProxy's configuration (configuration manual, 2.2 and 8.2.6). What is not HTTP at all, such as a
malformed request line, gets HAProxy's built-in page: it answers that before any configuration.
"""

from dataclasses import dataclass

from inference_plane.surfaces.surface import WriteError
from inference_plane.surfaces.table import EXACT_PATHS, PATH_PATTERNS
from shared import error_formats, errors

_REQUEST_ID = "%[unique-id]"
_PLACEHOLDER = "request-id-placeholder"


class _ExpectationFailed(errors.InvalidRequest):
    """The only supported expectation is 100-continue."""

    status = 417


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
    _ExpectationFailed,
    errors.InternalError,
    errors.ServiceUnavailable,
    _BadGateway,
    _GatewayTimeout,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of errors, the paths that have it, and its bodies by status."""

    name: str
    paths: list[str]
    patterns: list[str]
    bodies: dict[int, str]


def standard() -> dict[int, str]:
    """The bodies for all other paths."""
    return _bodies(error_formats.openai)


def gemini() -> dict[int, str]:
    """The bodies for the paths of Gemini's API that the control plane serves."""
    return _bodies(error_formats.google)


def shapes() -> list[Shape]:
    """One shape for each way in which the surfaces write errors."""
    writers: dict[WriteError, str] = {}
    for surface in (*EXACT_PATHS.values(), *PATH_PATTERNS.values()):
        writers.setdefault(surface.http_error, surface.http_error.__name__)
    return [
        Shape(
            name,
            [path for path, surface in EXACT_PATHS.items() if surface.http_error is write],
            [pattern for pattern, surface in PATH_PATTERNS.items() if surface.http_error is write],
            _bodies(write),
        )
        for write, name in writers.items()
    ]


def _bodies(write: WriteError) -> dict[int, str]:
    return {kind.status: _quoted(write(kind(), _PLACEHOLDER)) for kind in _REFUSALS}


def _quoted(body: bytes) -> str:
    """As a single-quoted log-format string: `%` is doubled, a quote ends and reopens the string."""
    text = body.decode().replace("%", "%%").replace("'", "'\\''")
    return f"'{text.replace(_PLACEHOLDER, _REQUEST_ID)}'"
