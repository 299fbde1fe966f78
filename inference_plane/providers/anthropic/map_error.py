"""Maps Anthropic's errors. Their text is passed on only where the caller is at fault.

Source: https://docs.anthropic.com/en/api/errors.
"""

from collections.abc import Mapping

import msgspec

from inference_plane.core import upstream_failure, vendor_json
from inference_plane.core.upstream_failure import UpstreamFailure

_TEXT = "The model's provider refused the request."


class _Error(msgspec.Struct):
    type: str = ""
    message: str = _TEXT


class _Body(msgspec.Struct):
    error: _Error = msgspec.field(default_factory=_Error)


_read = vendor_json.reader(_Body)


def map_error(status: int, body: bytes, headers: Mapping[str, str]) -> UpstreamFailure:
    """What an error response means; `headers` by lower-case name."""
    error = (_read(body) or _Body()).error
    # An account without credit is reported as a bad request, but it is not the caller's fault.
    if error.type == "billing_error" or "credit balance is too low" in error.message:
        status = 403
    if status >= 500 and error.type == "invalid_request_error":
        status = 400
    return upstream_failure.of_status(
        "anthropic", status, error.message, None, upstream_failure.retry_after(headers)
    )
