"""OpenAI's Responses API: how the surface is reached, read and answered.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses.
"""

from inference_plane.core.request import Request
from inference_plane.core.writer import Envelope, Writer
from inference_plane.preferences.fields import PreferenceFields
from inference_plane.surfaces import envelopes
from inference_plane.surfaces.responses import (
    NAME,
    decode,
    objects,
    passthrough,
    references,
    translated,
)
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
