"""Reads and checks a request for embeddings: one content, or a batch of them.

Source: Gemini API reference, https://ai.google.dev/api/embeddings.
"""

from typing import Any

import msgspec

from inference_plane.core.prompt import Prompt
from inference_plane.core.request import Address, Request
from inference_plane.surfaces import reading, token_count
from inference_plane.surfaces.embed import NAME, read
from inference_plane.surfaces.generate import casing
from shared.errors import InvalidRequest

BATCH = "batchEmbedContents"


class _Embed(msgspec.Struct, rename="camel"):
    content: dict[str, Any]
    model: str | None = None
    output_dimensionality: int | None = None


class _Batch(msgspec.Struct):
    requests: list[_Embed]


def decode(body: bytes, address: Address) -> Request:
    """The request, or InvalidRequest naming the parameter that is wrong."""
    fields = reading.fields_of(body)
    plain = casing.to_camel_case(fields)
    batch = address.verb == BATCH
    wanted = reading.convert(plain, _Batch).requests if batch else [reading.convert(plain, _Embed)]
    if not wanted:
        raise InvalidRequest("`requests` must hold at least one request.", param="requests")
    for number, each in enumerate(wanted):
        _check(each, address.model_id, f"requests[{number}]." if batch else "")
    return Request(
        dialect=NAME,
        model_id=address.model_id,
        streamed=False,
        prompt_tokens=sum(token_count.of_value(each.content) for each in wanted),
        max_tokens=None,
        limit_field="",
        choices=1,
        operation="embedding",
        fields=fields,
        read=_no_prompt,
        read_embedding=lambda: read.read_batch(plain) if batch else read.read(plain),
        address=address,
    )


def _check(wanted: _Embed, model_id: str, place: str) -> None:
    reading.check_minimum(f"{place}outputDimensionality", wanted.output_dimensionality)
    name = f"{place}model"
    if wanted.model and wanted.model.removeprefix("models/") != model_id:
        raise InvalidRequest(f"`{name}` must be `models/{model_id}`, as in the path.", param=name)


def _no_prompt() -> Prompt:
    raise reading.unsupported("model", "it does not create embeddings")
