"""Gemini's generateContent: how the surface is reached, read and answered; and its token count.

The model and the wish for a stream are in the path. A key in the query (`?key=`) is not read: a key
in a URL ends up in logs. Source: Gemini API reference, https://ai.google.dev/api/generate-content
and https://ai.google.dev/api/tokens.
"""

from dataclasses import replace

from inference_plane.core.request import Request
from inference_plane.core.writer import Envelope, Writer
from inference_plane.preferences.fields import PreferenceFields
from inference_plane.surfaces.generate import (
    NAME,
    addressing,
    casing,
    decode,
    framing,
    options,
    passthrough,
    references,
    translated,
    usage,
)
from inference_plane.surfaces.surface import Surface
from shared import error_formats


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
    paths=addressing.paths("generateContent", "streamGenerateContent"),
    decode=decode.decode,
    references=references.find,
    options=options.find,
    writer=_writer,
    envelope=_envelope,
    stream_error=error_formats.google,
    address=addressing.read,
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
    paths=addressing.paths("countTokens"),
    decode=decode.decode_count,
    token_count=usage.token_count,
)
