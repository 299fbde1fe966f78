"""Reads an embeddings request.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/embeddings/create.
"""

import msgspec

from inference_plane.core import tokens
from inference_plane.core.prompt import Prompt
from inference_plane.core.request import Address, Request
from inference_plane.surfaces import reading
from inference_plane.surfaces.embeddings import NAME
from inference_plane.surfaces.embeddings import read as read_
from shared.errors import InvalidRequest

_Input = str | list[str | int | list[int]]


class _Body(msgspec.Struct):
    input: _Input
    model: str | None = None
    dimensions: int | None = None


def decode(body: bytes, address: Address) -> Request:
    """The request, or InvalidRequest naming the parameter that is wrong."""
    fields, read = reading.read(body, _Body)
    reading.check_minimum("dimensions", read.dimensions)
    if not read.input:
        raise InvalidRequest("`input` must not be empty.", param="input")
    return Request(
        dialect=NAME,
        model_id=read.model or "",
        streamed=False,
        prompt_tokens=_count(read.input),
        max_tokens=None,
        limit_field="",
        choices=1,
        operation="embedding",
        fields=fields,
        read=_no_prompt,
        read_embedding=lambda: read_.read(fields),
        address=address,
    )


def _count(values: _Input) -> int:
    """A number is a token already."""
    if isinstance(values, str):
        return tokens.of_text(values)
    return sum(
        1
        if isinstance(each, int)
        else _count(list(each))
        if isinstance(each, list)
        else tokens.of_text(each)
        for each in values
    )


def _no_prompt() -> Prompt:
    raise reading.unsupported("model", "it does not create embeddings")
