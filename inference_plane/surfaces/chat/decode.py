"""Reads and checks what the pipeline needs of a chat request; the provider checks the rest.

The limits are OpenAI's. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/chat/create.
"""

from typing import Any

import msgspec

from inference_plane.core import tokens
from inference_plane.core.request import Address, Request
from inference_plane.surfaces import reading, token_count
from inference_plane.surfaces.chat import NAME, prompt
from shared.errors import InvalidRequest


class _Message(msgspec.Struct):
    role: str
    content: str | list[dict[str, Any]] | None = None
    tool_calls: Any = None


class _Body(msgspec.Struct):
    messages: list[_Message]
    model: str | None = None
    stream: bool | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    n: int | None = None
    tools: Any = None


def decode(body: bytes, address: Address) -> Request:
    """The request, or InvalidRequest naming the parameter that is wrong."""
    fields, read = reading.read(body, _Body)
    _check(read)
    newer = read.max_completion_tokens is not None
    return Request(
        dialect=NAME,
        model_id=read.model or "",
        streamed=bool(read.stream),
        prompt_tokens=_count(read),
        max_tokens=read.max_completion_tokens if newer else read.max_tokens,
        limit_field="max_tokens" if read.max_tokens and not newer else "max_completion_tokens",
        choices=read.n or 1,
        operation="chat",
        fields=fields,
        read=lambda: prompt.read(fields),
        address=address,
    )


def _check(read: _Body) -> None:
    reading.check_minimum("max_tokens", read.max_tokens)
    reading.check_minimum("max_completion_tokens", read.max_completion_tokens)
    reading.check_minimum("n", read.n)
    if (read.n or 1) > 128:
        raise InvalidRequest("`n` must be at most 128.", param="n")
    if not read.messages:
        raise InvalidRequest("`messages` must hold at least one message.", param="messages")


def _count(read: _Body) -> int:
    count = sum(tokens.PER_MESSAGE + _count_message(message) for message in read.messages)
    return count + token_count.of_json(read.tools)


def _count_message(message: _Message) -> int:
    calls = token_count.of_json(message.tool_calls)
    if isinstance(message.content, str):
        return calls + tokens.of_text(message.content)
    return calls + token_count.of_value(message.content)
