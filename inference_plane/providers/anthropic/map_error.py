"""Maps Anthropic's errors. Their text is passed on only where the caller is at fault.

Source: https://docs.anthropic.com/en/api/errors.
"""

from collections.abc import Mapping

import msgspec

from inference_plane.core import upstream_failure
from inference_plane.core.upstream_failure import UpstreamFailure

_TEXT = "The model's provider refused the request."


class _Error(msgspec.Struct):
    type: str = ""
    message: str = _TEXT


class _Body(msgspec.Struct):
    error: _Error = msgspec.field(default_factory=_Error)


_read = msgspec.json.Decoder(_Body).decode


def map_error(status: int, body: bytes, headers: Mapping[str, str]) -> UpstreamFailure:
    """What an error response means; `headers` by lower-case name."""
    try:
        error = _read(body).error
    except msgspec.DecodeError:
        error = _Error()
    # An account without credit is reported as a bad request, but it is not the caller's fault.
    if error.type == "billing_error" or "credit balance is too low" in error.message:
        status = 403
    return upstream_failure.of_status(
        status, error.message, None, upstream_failure.retry_after(headers)
    )
