"""OpenAI's moderation, which passes through: the vendor judges the request and answers it.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/moderations.
"""

from typing import Any

import msgspec

from inference_plane.core.prompt import Prompt
from inference_plane.core.request import Address, Request
from inference_plane.core.writer import Envelope, Writer
from inference_plane.surfaces import envelopes, reading
from inference_plane.surfaces.moderations import NAME
from inference_plane.surfaces.surface import Surface
from shared import error_formats


class _Body(msgspec.Struct):
    input: str | list[str | dict[str, Any]]
    model: str | None = None


def decode(body: bytes, address: Address) -> Request:
    """The request, or InvalidRequest naming the parameter that is wrong."""
    fields, read = reading.read(body, _Body)
    return Request(
        dialect=NAME,
        model_id=read.model or "",
        streamed=False,
        prompt_tokens=0,
        max_tokens=None,
        limit_field="",
        choices=1,
        operation="",
        fields=fields,
        read=_no_prompt,
        address=address,
    )


def _no_prompt() -> Prompt:
    raise reading.unsupported("model", "it does not moderate")


def _writer(request: Request, envelope: Envelope, same_dialect: bool) -> Writer:
    raise RuntimeError("a moderation is answered whole")


SURFACE = Surface(
    name=NAME,
    column="moderation",
    paths=("/v1/moderations",),
    decode=decode,
    writer=_writer,
    envelope=envelopes.events,
    stream_error=error_formats.openai,
)
