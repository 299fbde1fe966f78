"""Reads and checks what the pipeline needs of a Responses request; the provider checks the rest.

A response that runs without a connection cannot be metered, so `background` is refused. Source:
OpenAI API reference, https://platform.openai.com/docs/api-reference/responses/create.
"""

from typing import Any

import msgspec

from inference_plane.core import tokens
from inference_plane.core.request import Address, Request
from inference_plane.surfaces import reading, token_count
from inference_plane.surfaces.responses import NAME, prompt
from shared.errors import InvalidRequest

_BACKGROUND = "`background` is not supported: only an answer to an open connection is metered."


class _Body(msgspec.Struct):
    input: str | list[dict[str, Any]]
    model: str | None = None
    instructions: str | None = None
    stream: bool | None = None
    background: bool | None = None
    max_output_tokens: int | None = None
    tools: Any = None


def decode(body: bytes, address: Address) -> Request:
    """The request, or InvalidRequest naming the parameter that is wrong."""
    fields, read = reading.read(body, _Body)
    reading.check_minimum("max_output_tokens", read.max_output_tokens)
    if read.background:
        raise InvalidRequest(_BACKGROUND, param="background")
    if not read.input:
        raise InvalidRequest("`input` must not be empty.", param="input")
    return Request(
        dialect=NAME,
        model_id=read.model or "",
        streamed=bool(read.stream),
        prompt_tokens=_count(read),
        max_tokens=read.max_output_tokens,
        limit_field="max_output_tokens",
        choices=1,
        operation="chat",
        fields=fields,
        read=lambda: prompt.read(fields),
        address=address,
    )


def _count(read: _Body) -> int:
    items = read.input if isinstance(read.input, list) else [read.input]
    own = tokens.of_text(read.instructions or "")
    return token_count.of_turns(items) + own + token_count.of_json(read.tools)
