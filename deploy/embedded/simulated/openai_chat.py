"""OpenAI's chat completions on the wire: chunks, whole answers and error bodies.

Field for field what the vendor sends, so that its SDKs accept every byte.
"""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

from deploy.embedded.simulated.answer import Answer
from deploy.embedded.simulated.directive import Directive


class Writer:
    """Writes one answer's chunks; all of them share an id and a time."""

    def __init__(self, model: str, with_usage: bool) -> None:
        self._with_usage = with_usage
        self._head = {
            "id": f"chatcmpl-sim{uuid.uuid4().hex[:24]}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": model,
            "service_tier": "default",
            "system_fingerprint": "fp_simulated",
        }

    def chunks(self, answer: Answer) -> Iterator[bytes]:
        """The first chunk tells the role, the last one why it ended; between them the pieces."""
        yield self._chunk(self._opening(answer), None)
        for piece in answer.pieces:
            yield self._chunk(self._delta(answer, piece), None)
        yield self._chunk({}, answer.finish_reason)

    def usage_chunk(self, usage: dict[str, Any]) -> bytes:
        return _frame(self._head | {"choices": [], "usage": usage})

    def whole(self, answer: Answer, usage: dict[str, Any] | None) -> dict[str, Any]:
        """The plain answer; `usage` is left out when the directive says it is missing."""
        message: dict[str, Any] = {"role": "assistant", "content": "".join(answer.pieces)}
        message |= {"refusal": None, "annotations": []}
        if answer.tool:
            call = self._call(answer.tool, "".join(answer.pieces))
            message |= {"content": None, "tool_calls": [call]}
        choice = {"index": 0, "message": message, "logprobs": None}
        choice["finish_reason"] = answer.finish_reason
        body = self._head | {"object": "chat.completion", "choices": [choice]}
        return body if usage is None else body | {"usage": usage}

    def _chunk(self, delta: dict[str, Any], finish: str | None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        chunk = self._head | {"choices": [choice]}
        return _frame(chunk | {"usage": None} if self._with_usage else chunk)

    def _opening(self, answer: Answer) -> dict[str, Any]:
        if answer.tool:
            call = {"index": 0} | self._call(answer.tool, "")
            return {"role": "assistant", "content": None, "tool_calls": [call], "refusal": None}
        return {"role": "assistant", "content": "", "refusal": None}

    def _delta(self, answer: Answer, piece: str) -> dict[str, Any]:
        if answer.tool:
            return {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}
        return {"content": piece}

    def _call(self, name: str, arguments: str) -> dict[str, Any]:
        call_id = f"call_{str(self._head['id'])[-24:]}"
        function = {"name": name, "arguments": arguments}
        return {"id": call_id, "type": "function", "function": function}


def usage(answer: Answer, directive: Directive) -> dict[str, Any] | None:
    """What the vendor would count: None when the directive says it is missing."""
    if directive.usage == "missing":
        return None
    zero = directive.usage == "zero"
    prompt, output = (0, 0) if zero else (answer.prompt_tokens, len(answer.pieces))
    counted: dict[str, Any] = {
        "prompt_tokens": prompt,
        "completion_tokens": output,
        "total_tokens": prompt + output,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }
    return counted if isinstance(directive.usage, str) else _explicit(counted, directive.usage)


def _explicit(counted: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Numbers the directive names; `cached_tokens` may stand on top for short."""
    given = dict(given)
    for name, folder in (
        ("cached_tokens", "prompt_tokens_details"),
        ("reasoning_tokens", "completion_tokens_details"),
    ):
        if name in given:
            counted[folder] |= {name: given.pop(name)}
    counted |= given
    counted["total_tokens"] = counted["prompt_tokens"] + counted["completion_tokens"]
    return counted


_KINDS = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
}


def error_body(status: int, message: str, param: str | None = None) -> dict[str, Any]:
    """The vendor's error, as it answers that status."""
    kind, code = _KINDS.get(status, ("server_error", None))
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _frame(chunk: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(chunk, separators=(",", ":")).encode() + b"\n\n"
