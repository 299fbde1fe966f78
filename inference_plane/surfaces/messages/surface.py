"""Anthropic's messages: how the surface is reached, read and answered; and its token count.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages and
https://docs.anthropic.com/en/api/messages-count-tokens.
"""

from dataclasses import replace

from inference_plane.core.request import Request
from inference_plane.core.writer import Envelope, Writer
from inference_plane.preferences.fields import PreferenceFields
from inference_plane.surfaces import envelopes
from inference_plane.surfaces.messages import (
    NAME,
    blocks,
    decode,
    options,
    passthrough,
    references,
    translated,
    usage,
)
from inference_plane.surfaces.surface import Surface
from shared import error_formats


def _writer(request: Request, _: Envelope, same_dialect: bool) -> Writer:
    if same_dialect:
        return passthrough.Streamed() if request.streamed else passthrough.Buffered()
    if request.streamed:
        return translated.Streamed(request.model_id, request.prompt_tokens)
    return blocks.Buffered(request.model_id)


SURFACE = Surface(
    name=NAME,
    column=NAME,
    paths=("/v1/messages",),
    decode=decode.decode,
    references=references.find,
    options=options.find,
    writer=_writer,
    envelope=envelopes.events_with_named_error,
    stream_error=error_formats.anthropic,
    field_names={
        "reasoning": "thinking",
        "parallel_tool_calls": "tool_choice.disable_parallel_tool_use",
        "format": "output_config.format",
        "stop": "stop_sequences",
        "user": "metadata.user_id",
    },
    preference_fields=PreferenceFields(
        names={each: each for each in ("model", "stream", "temperature")},
        conflicts={"temperature": ("top_p", "top_k", "thinking")},
    ),
)
COUNT_TOKENS = replace(
    SURFACE,
    column="count",
    paths=("/v1/messages/count_tokens",),
    decode=decode.decode_count,
    token_count=usage.token_count,
)
