"""Reads and checks what the pipeline needs of a generateContent request.

The path names the model, and whether to stream. Source: Gemini API reference,
https://ai.google.dev/api/generate-content and https://ai.google.dev/api/tokens.
"""

from typing import Any

import msgspec

from inference_plane.core import tokens
from inference_plane.core.request import Address, Request
from inference_plane.surfaces import reading, token_count
from inference_plane.surfaces.generate import NAME, casing, prompt
from shared.errors import InvalidRequest


class _Config(msgspec.Struct, rename="camel"):
    max_output_tokens: int | None = None
    candidate_count: int | None = None


class _Body(msgspec.Struct, rename="camel"):
    contents: Any = None
    system_instruction: Any = None
    tools: list[Any] | None = None
    generation_config: _Config | None = None


_write = msgspec.json.Encoder().encode


def decode(body: bytes, address: Address) -> Request:
    """The request, or InvalidRequest naming the parameter that is wrong."""
    fields = reading.fields_of(body)
    read = _convert(casing.to_camel_case(fields))
    config = read.generation_config or _Config()
    reading.check_minimum("generationConfig.maxOutputTokens", config.max_output_tokens)
    return Request(
        dialect=NAME,
        model_id=address.model_id,
        streamed=address.verb == "streamGenerateContent",
        prompt_tokens=_count(read),
        max_tokens=config.max_output_tokens,
        limit_field="generationConfig",
        choices=max(1, config.candidate_count or 1),
        operation="chat",
        fields=fields,
        read=lambda: prompt.read(fields),
        address=address,
    )


def decode_count(body: bytes, address: Address) -> Request:
    """A countTokens request, which may wrap a generateContent request."""
    inner = casing.to_camel_case(reading.fields_of(body)).get("generateContentRequest")
    return decode(_write(inner) if isinstance(inner, dict) else body, address)


def _convert(parsed: dict[str, Any]) -> _Body:
    read = reading.convert(parsed, _Body)
    if not read.contents:
        raise InvalidRequest("`contents` must hold at least one content.", param="contents")
    return read


def _count(read: _Body) -> int:
    contents = read.contents if isinstance(read.contents, list) else [read.contents]
    tools = tokens.of_bytes(len(_write(read.tools))) if read.tools else 0
    return token_count.of_turns(contents) + token_count.of_value(read.system_instruction) + tools
