"""`POST /v1/chat/completions` as OpenAI documents it: request in, chunks and errors out.

Only what the pipeline needs is read, and what it reads is checked; every other field is the
provider's to judge. Source: OpenAI API reference, "Create chat completion".
"""

from typing import Any

import msgspec

from inference_plane.core import fold, sse, tokens
from inference_plane.core.request import Request
from shared.credits import Tokens
from shared.errors import InvalidRequest, Refusal

NAME = "chat"
PATH = "/v1/chat/completions"


class _Message(msgspec.Struct):
    role: str
    content: str | list[dict[str, Any]] | None = None
    tool_calls: msgspec.Raw = msgspec.Raw()


class _Body(msgspec.Struct):
    """Limits are OpenAI's own."""

    model: str
    messages: list[_Message]
    stream: bool | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    n: int | None = None
    tools: msgspec.Raw = msgspec.Raw()


_read_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_read_body = msgspec.json.Decoder(_Body).decode
_write = msgspec.json.Encoder().encode


def decode(body: bytes) -> Request:
    """The request, or InvalidRequest naming the parameter that is wrong."""
    try:
        fields = _read_fields(body)
        read = _read_body(body)
    except msgspec.ValidationError as error:
        raise InvalidRequest(str(error), param=_parameter(str(error))) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest("The body is not valid JSON.") from error
    _check(read)
    newer = read.max_completion_tokens is not None
    return Request(
        model_id=read.model,
        streamed=bool(read.stream),
        prompt_tokens=_count(read),
        output_asked=read.max_completion_tokens if newer else read.max_tokens,
        output_field="max_tokens" if read.max_tokens and not newer else "max_completion_tokens",
        choices=read.n or 1,
        operation="chat",
        fields=fields,
    )


def _check(read: _Body) -> None:
    for name in ("max_tokens", "max_completion_tokens", "n"):
        value = getattr(read, name)
        if value is not None and value < 1:
            raise InvalidRequest(f"`{name}` must be at least 1.", param=name)
    if (read.n or 1) > 128:
        raise InvalidRequest("`n` must be at most 128.", param="n")
    if not read.messages:
        raise InvalidRequest("`messages` must hold at least one message.", param="messages")
    if not read.model:
        raise InvalidRequest("`model` must name a model.", param="model")


def _parameter(message: str) -> str | None:
    """msgspec says where: "… - at `$.messages[0].role`" or "… missing required field `model`"."""
    if "$." in message:
        return message.split("$.", 1)[1].rstrip("`")
    return message.split("`")[1] if "missing required field" in message else None


def _count(read: _Body) -> int:
    count = sum(tokens.PER_MESSAGE + _count_message(message) for message in read.messages)
    return count + tokens.of_bytes(len(bytes(read.tools)))


def _count_message(message: _Message) -> int:
    calls = tokens.of_bytes(len(bytes(message.tool_calls)))
    if isinstance(message.content, list):
        return calls + sum(_count_part(part) for part in message.content)
    return calls + tokens.of_text(message.content or "")


def _count_part(part: dict[str, Any]) -> int:
    text = part.get("text")
    return tokens.of_text(text) if isinstance(text, str) else tokens.PER_IMAGE


def _usage(used: Tokens, own: dict[str, Any] | None, credits_used: float) -> dict[str, Any]:
    """OpenAI's names; the provider's own object where it sent one, so that no detail is lost."""
    usage = own or {
        "prompt_tokens": used.prompt,
        "completion_tokens": used.output,
        "total_tokens": used.total,
    }
    return usage | {"credits_used": credits_used}


def encode_last(
    first: dict[str, Any], last: dict[str, Any], used: Tokens, ours: dict[str, Any]
) -> bytes:
    """The usage chunk and `[DONE]`: how every stream that is complete ends."""
    chunk = {
        "id": first.get("id", ""),
        "object": "chat.completion.chunk",
        "created": first.get("created", 0),
        "model": first.get("model", ""),
    } | {k: v for k, v in last.items() if k != "usage"}
    chunk["choices"] = []
    chunk["usage"] = _usage(used, last.get("usage"), ours["deducted"])
    chunk["credits"] = ours
    return sse.frame(_write(chunk)) + sse.frame(sse.DONE)


def encode_whole(
    chunks: list[dict[str, Any]], last: dict[str, Any], used: Tokens, ours: dict[str, Any]
) -> bytes:
    """The chunks folded into one `chat.completion`."""
    answer = fold.chat_answer(chunks)
    answer["usage"] = _usage(used, last.get("usage"), ours["deducted"])
    answer["credits"] = ours
    return _write(answer)


def encode_refusal(refusal: Refusal, request_id: str) -> bytes:
    """The standard error: on this surface it is also the shape OpenAI's SDKs read."""
    return _write(refusal.body(request_id))


def encode_broken(refusal: Refusal, request_id: str) -> bytes:
    """A stream that failed ends with this frame, and without `[DONE]`."""
    return sse.frame(encode_refusal(refusal, request_id))
