"""OpenAI's Responses API: how the surface is reached, read and answered.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses.
"""

from dataclasses import replace

from inference_plane.core.request import Request
from inference_plane.core.writer import Envelope, Writer
from inference_plane.preferences.fields import PreferenceFields
from inference_plane.surfaces import envelopes
from inference_plane.surfaces.responses import (
    NAME,
    decode,
    objects,
    options,
    passthrough,
    references,
    translated,
    usage,
)
from inference_plane.surfaces.stored import Stored
from inference_plane.surfaces.surface import Surface
from shared import error_formats


def _writer(request: Request, _: Envelope, same_dialect: bool) -> Writer:
    if same_dialect:
        return passthrough.Streamed() if request.streamed else passthrough.Buffered()
    settings = {n: request.fields[n] for n in objects.ECHOED if n in request.fields}
    if request.streamed:
        return translated.Streamed(request.model_id, settings)
    return translated.Buffered(request.model_id, settings)


SURFACE = Surface(
    name=NAME,
    column=NAME,
    paths=("/v1/responses",),
    decode=decode.decode,
    references=references.find,
    options=options.find,
    writer=_writer,
    envelope=envelopes.events_with_named_error,
    stream_error=error_formats.openai_event,
    field_names={
        "reasoning": "reasoning",
        "format": "text.format",
        "messages": "input",
        "verbosity": "text.verbosity",
    },
    preference_fields=PreferenceFields(
        names={
            "model": "model",
            "stream": "stream",
            "max_tokens": "max_output_tokens",
            "temperature": "temperature",
        },
        conflicts={"max_tokens": ("reasoning",), "temperature": ("top_p", "reasoning")},
    ),
)
COUNT_TOKENS = replace(
    SURFACE,
    column="count",
    paths=("/v1/responses/input_tokens",),
    token_count=usage.token_count,
)

_BACKGROUND = "only background responses can be streamed again, and none are served."
_RETRIEVE = Stored(
    "/v1/responses/{id}",
    frozenset({"include"}),
    dict.fromkeys(("stream", "starting_after", "include_obfuscation"), _BACKGROUND),
)
_CANCEL = Stored("/v1/responses/{id}/cancel")
_INPUT_ITEMS = Stored(
    "/v1/responses/{id}/input_items", frozenset({"after", "before", "include", "limit", "order"})
)


def _stored(stored: Stored, *methods: str) -> Surface:
    return replace(SURFACE, column="stored", paths=(stored.path,), methods=methods, stored=stored)


STORED = (
    _stored(_RETRIEVE, "GET", "DELETE"),
    _stored(_CANCEL, "POST"),
    _stored(_INPUT_ITEMS, "GET"),
)
"""What the vendor keeps of a response whose request set `store`."""
