"""Maps OpenAI's errors. Their text is passed on only where the caller is at fault.

Source: https://platform.openai.com/docs/guides/error-codes.
"""

from collections.abc import Mapping
from typing import Any

from inference_plane.core import upstream_failure, vendor_json
from inference_plane.core.upstream_failure import UpstreamFailure

_TEXT = "The model's provider refused the request."


def map_error(status: int, body: bytes, headers: Mapping[str, str]) -> UpstreamFailure:
    """What an error response means; `headers` by lower-case name."""
    error = _error(body)
    message, param = error.get("message"), error.get("param")
    return upstream_failure.of_status(
        "openai",
        _status(status, error),
        message if isinstance(message, str) else _TEXT,
        param if isinstance(param, str) else None,
        upstream_failure.retry_after(headers),
    )


def _status(status: int, error: dict[str, Any]) -> int:
    """A spent quota is no caller's fault, and no pause mends it: another key may.

    A failure that the error itself calls the request's is the request's.
    """
    if status >= 500 and error.get("type") == "invalid_request_error":
        return 400
    if error.get("code") == "previous_response_not_found":
        return 404
    return 403 if status == 429 and error.get("code") == "insufficient_quota" else status


def _error(body: bytes) -> dict[str, Any]:
    error = vendor_json.read_object(body).get("error")
    return error if isinstance(error, dict) else {}
