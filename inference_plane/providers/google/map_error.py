"""Maps Google's errors. Their text is passed on only where the caller is at fault.

Source: https://ai.google.dev/gemini-api/docs/troubleshooting; google.rpc.RetryInfo,
https://cloud.google.com/apis/design/errors.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from inference_plane.core import upstream_failure, vendor_json
from inference_plane.core.upstream_failure import UpstreamFailure

_TEXT = "The model's provider refused the request."


class _Error(msgspec.Struct):
    message: str = _TEXT
    status: str = ""
    details: list[dict[str, Any]] = []


class _Body(msgspec.Struct):
    error: _Error = msgspec.field(default_factory=_Error)


_read = vendor_json.reader(_Body)
_read_list = vendor_json.reader(list[_Body])


def map_error(status: int, body: bytes, headers: Mapping[str, str]) -> UpstreamFailure:
    """What an error response means; `headers` by lower-case name."""
    error = _error(body)
    # An invalid key is reported as a bad request, but it is not the caller's fault.
    if any(detail.get("reason") == "API_KEY_INVALID" for detail in error.details):
        status = 403
    if status >= 500 and error.status in ("INVALID_ARGUMENT", "FAILED_PRECONDITION"):
        status = 400
    wait = upstream_failure.retry_after(headers) or _retry_info(error)
    return upstream_failure.of_status("google", status, error.message, None, wait)


def _error(body: bytes) -> _Error:
    """An error instead of a stream comes as a list of one."""
    if body.lstrip()[:1] == b"[":
        return next(iter(_read_list(body) or ()), _Body()).error
    return (_read(body) or _Body()).error


def _retry_info(error: _Error) -> float:
    for detail in error.details:
        delay = str(detail.get("retryDelay", ""))
        if delay.endswith("s"):
            return upstream_failure.seconds_of(delay[:-1])
    return 0.0
