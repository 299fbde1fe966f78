"""Reads and checks what the pipeline needs of a messages request; the provider checks the rest.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages and
https://docs.anthropic.com/en/api/messages-count-tokens.
"""

from typing import Any

import msgspec

from inference_plane.core.request import Address, Request
from inference_plane.surfaces import reading, token_count
from inference_plane.surfaces.messages import NAME, prompt
from shared.errors import InvalidRequest


class _Message(msgspec.Struct):
    role: str
    content: str | list[dict[str, Any]]


class _Counted(msgspec.Struct):
    messages: list[_Message]
    model: str | None = None
    system: Any = None
    tools: Any = None


class _Body(_Counted, kw_only=True):
    max_tokens: int
    stream: bool | None = None


def decode(body: bytes, address: Address) -> Request:
    """The request, or InvalidRequest naming the parameter that is wrong."""
    fields, read = reading.read(body, _Body)
    reading.check_minimum("max_tokens", read.max_tokens)
    return _request(fields, read, address, streamed=bool(read.stream), max_tokens=read.max_tokens)


def decode_count(body: bytes, address: Address) -> Request:
    """A count_tokens request: it has no limit."""
    fields, read = reading.read(body, _Counted)
    return _request(fields, read, address, streamed=False, max_tokens=None)


def _request(
    fields: reading.Fields,
    read: _Counted,
    address: Address,
    *,
    streamed: bool,
    max_tokens: int | None,
) -> Request:
    if not read.messages:
        raise InvalidRequest("`messages` must hold at least one message.", param="messages")
    return Request(
        dialect=NAME,
        model_id=read.model or "",
        streamed=streamed,
        prompt_tokens=_count(read),
        max_tokens=max_tokens,
        limit_field="max_tokens",
        choices=1,
        operation="chat",
        fields=fields,
        read=lambda: prompt.read(fields),
        address=address,
    )


def _count(read: _Counted) -> int:
    content = token_count.of_turns([message.content for message in read.messages])
    return content + token_count.of_value(read.system) + token_count.of_json(read.tools)
