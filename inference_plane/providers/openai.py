"""OpenAI's chat completions as an upstream, and whatever else speaks that dialect.

Requests are always streamed and always ask for usage: an answer is metered while it comes, and the
provider's own count is what is charged. Source: OpenAI API reference, "Streaming" and "Usage".
"""

from typing import Any

import msgspec

from inference_plane.core.request import Glance, Request
from shared.catalogue import Route
from shared.credits import Tokens
from shared.errors import InvalidRequest, Refusal, ServiceUnavailable, UpstreamError

PATH = "/chat/completions"
_write = msgspec.json.Encoder().encode
_RAW_TRUE = msgspec.Raw(b"true")
_NOTHING = msgspec.Raw(b"null")


class _Function(msgspec.Struct):
    name: str | None = None
    arguments: str | None = None


class _ToolCall(msgspec.Struct):
    function: _Function | None = None


class _Delta(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _PromptDetails(msgspec.Struct):
    cached_tokens: int | None = None


class _OutputDetails(msgspec.Struct):
    reasoning_tokens: int | None = None


class Usage(msgspec.Struct):
    """OpenAI's prompt count includes what came from its cache."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: _PromptDetails | None = None
    completion_tokens_details: _OutputDetails | None = None

    def tokens(self) -> Tokens:
        cached = self.prompt_tokens_details.cached_tokens if self.prompt_tokens_details else 0
        details = self.completion_tokens_details
        return Tokens(
            input=max(0, self.prompt_tokens - (cached or 0)),
            cache_read=cached or 0,
            output=self.completion_tokens,
            reasoning=(details.reasoning_tokens or 0) if details else 0,
        )


class _Chunk(msgspec.Struct):
    choices: list[_Choice] = []
    usage: Usage | None = None
    error: msgspec.Raw = _NOTHING


_read_chunk = msgspec.json.Decoder(_Chunk).decode
_read_any = msgspec.json.Decoder().decode


def encode(request: Request, route: Route, output_limit: int | None) -> bytes:
    """The caller's body with our model name, streamed, with usage; the limit only if it is ours."""
    fields: dict[str, Any] = dict(request.fields)
    fields["model"] = route.upstream_model
    fields["stream"] = _RAW_TRUE
    fields["stream_options"] = _stream_options(fields.get("stream_options"))
    if output_limit is not None:
        fields[request.output_field] = output_limit
    return _write(fields)


def _stream_options(given: msgspec.Raw | None) -> dict[str, Any]:
    own = _read_any(given) if given else None
    return (own if isinstance(own, dict) else {}) | {"include_usage": True}


def glance(payload: bytes) -> Glance:
    """What a frame's payload tells the meter. Unknown shapes tell nothing and are passed on."""
    try:
        chunk = _read_chunk(payload)
    except msgspec.DecodeError:
        return Glance()
    if bytes(chunk.error) != b"null":
        return Glance(error=bytes(chunk.error).decode(errors="replace"))
    size, tool, finished = 0, False, False
    for choice in chunk.choices:
        finished = finished or choice.finish_reason is not None
        delta = choice.delta
        if delta is None:
            continue
        size += _size(delta.content) + _size(delta.refusal) + _size(delta.reasoning_content)
        for call in delta.tool_calls or ():
            tool = True
            if call.function:
                size += _size(call.function.name) + _size(call.function.arguments)
    return Glance(size, tool, finished, chunk.usage.tokens() if chunk.usage else None)


def _size(text: str | None) -> int:
    if not text:
        return 0
    return len(text) if text.isascii() else len(text.encode())


def is_usage_frame(payload: bytes, seen: Glance) -> bool:
    """The frame that carries nothing but usage: ours takes its place."""
    return seen.usage is not None and b'"choices":[]' in payload.replace(b" ", b"")


def explain(status: int, body: bytes) -> Refusal:
    """A provider's refusal in our words; its text is passed on only where the caller erred."""
    details = {"provider_status": status}
    if status in (400, 404, 413, 422):
        return InvalidRequest(_message(body), param=_error(body).get("param"), details=details)
    if status in (429, 503, 529):
        return ServiceUnavailable("The model's provider is busy; nothing was charged.")
    return UpstreamError(details=details)


def _error(body: bytes) -> dict[str, Any]:
    try:
        error = _read_any(body).get("error")
    except (msgspec.DecodeError, AttributeError):
        return {}
    return error if isinstance(error, dict) else {}


def _message(body: bytes) -> str:
    message = _error(body).get("message")
    return message if isinstance(message, str) else "The model's provider refused the request."
