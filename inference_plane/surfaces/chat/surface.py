"""OpenAI's chat completions: how the surface is reached, read and answered.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/chat.
"""

from dataclasses import replace

from inference_plane.core.request import Request
from inference_plane.core.writer import Envelope, Writer
from inference_plane.preferences.fields import PreferenceFields
from inference_plane.surfaces import envelopes
from inference_plane.surfaces.chat import NAME, decode, options, passthrough, references, translated
from inference_plane.surfaces.stored import Stored
from inference_plane.surfaces.surface import Surface
from shared import error_formats


def _writer(request: Request, _: Envelope, same_dialect: bool) -> Writer:
    if same_dialect:
        return passthrough.Streamed() if request.streamed else passthrough.Buffered()
    model = request.model_id
    return translated.Streamed(model) if request.streamed else translated.Buffered(model)


SURFACE = Surface(
    name=NAME,
    column=NAME,
    paths=("/v1/chat/completions",),
    decode=decode.decode,
    references=references.find,
    options=options.find,
    writer=_writer,
    envelope=envelopes.events,
    stream_error=error_formats.openai,
    field_names={
        "reasoning": "reasoning_effort",
        "format": "response_format",
    },
    preference_fields=PreferenceFields(
        names={
            "model": "model",
            "stream": "stream",
            "max_tokens": "max_completion_tokens",
            "temperature": "temperature",
        },
        conflicts={
            "max_tokens": ("max_tokens", "reasoning_effort"),
            "temperature": ("top_p", "reasoning_effort"),
        },
    ),
)
_COMPLETION = Stored("/v1/chat/completions/{id}", body_methods=frozenset({"POST"}))
_MESSAGES = Stored("/v1/chat/completions/{id}/messages", frozenset({"after", "limit", "order"}))


def _stored(stored: Stored, *methods: str) -> Surface:
    return replace(SURFACE, column="stored", paths=(stored.path,), methods=methods, stored=stored)


STORED = (_stored(_COMPLETION, "GET", "POST", "DELETE"), _stored(_MESSAGES, "GET"))
"""What the vendor keeps of a chat completion whose request set `store`."""
