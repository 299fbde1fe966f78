"""Gemini's generateContent: how the surface is reached, read and answered; and its token count.

The model and the wish for a stream are in the path. A key in the query (`?key=`) is not read: a key
in a URL ends up in logs. Source: Gemini API reference, https://ai.google.dev/api/generate-content
and https://ai.google.dev/api/tokens.
"""

from dataclasses import replace
from urllib.parse import parse_qs, unquote

from inference_plane.core.request import Address, Request
from inference_plane.core.writer import Envelope, Writer
from inference_plane.preferences.fields import PreferenceFields
from inference_plane.surfaces import addresses
from inference_plane.surfaces.generate import (
    NAME,
    casing,
    decode,
    framing,
    passthrough,
    references,
    translated,
    usage,
)
from inference_plane.surfaces.surface import Surface
from shared import error_formats

_VERSIONS = ("v1", "v1beta")


def _paths(*verbs: str) -> tuple[str, ...]:
    return tuple(f"/{version}/models/{{model}}:{verb}" for version in _VERSIONS for verb in verbs)


def _address(path: str, query: bytes, headers: addresses.Headers) -> Address:
    """`array`: a stream without `alt=sse` is one JSON array."""
    model, _, verb = path.partition("/models/")[2].partition(":")
    as_events = parse_qs(query.decode(errors="replace")).get("alt") == ["sse"]
    vendor_headers = addresses.vendor_headers(headers)
    return Address(unquote(model), verb, array=not as_events, vendor_headers=vendor_headers)


def _writer(request: Request, envelope: Envelope, same_dialect: bool) -> Writer:
    if not request.streamed:
        return passthrough.Buffered() if same_dialect else translated.Buffered(request.model_id)
    frames = envelope if isinstance(envelope, framing.Array | framing.Events) else framing.Events()
    if same_dialect:
        return passthrough.Streamed(frames)
    return translated.Streamed(request.model_id, frames)


def _envelope(request: Request) -> Envelope:
    return framing.Array() if request.address.array else framing.Events()


SURFACE = Surface(
    name=NAME,
    column=NAME,
    paths=_paths("generateContent", "streamGenerateContent"),
    decode=decode.decode,
    references=references.find,
    writer=_writer,
    envelope=_envelope,
    stream_error=error_formats.google,
    address=_address,
    model_field="modelVersion",
    field_names={
        "reasoning": "generationConfig.thinkingConfig",
        "tool_choice": "toolConfig",
        "format": "generationConfig.responseSchema",
        "messages": "contents",
        "max_tokens": "generationConfig.maxOutputTokens",
        "top_p": "generationConfig.topP",
        "stop": "generationConfig.stopSequences",
        "n": "generationConfig.candidateCount",
        "seed": "generationConfig.seed",
        "top_k": "generationConfig.topK",
        "temperature": "generationConfig.temperature",
        "presence_penalty": "generationConfig.presencePenalty",
        "frequency_penalty": "generationConfig.frequencyPenalty",
    },
    preference_fields=PreferenceFields(
        names={"max_tokens": "maxOutputTokens", "temperature": "temperature"},
        conflicts={"max_tokens": ("thinkingConfig",), "temperature": ("topP", "topK")},
        parent="generationConfig",
        normalize=casing.to_camel_case,
    ),
)
COUNT_TOKENS = replace(
    SURFACE,
    column="count",
    paths=_paths("countTokens"),
    decode=decode.decode_count,
    token_count=usage.token_count,
)
