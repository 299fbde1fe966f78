"""OpenAI's legacy completions: how the surface is reached, read and answered.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/completions.
"""

from inference_plane.core.request import Request
from inference_plane.core.writer import Envelope, Writer
from inference_plane.preferences.fields import PreferenceFields
from inference_plane.surfaces import envelopes
from inference_plane.surfaces.completions import NAME, decode, translated
from inference_plane.surfaces.surface import Surface
from shared import error_formats


def _writer(request: Request, _: Envelope, same_dialect: bool) -> Writer:
    del same_dialect  # no provider supports this dialect
    echo = decode.echo_of(request)
    if request.streamed:
        return translated.Streamed(request.model_id, echo)
    return translated.Buffered(request.model_id, echo)


SURFACE = Surface(
    name=NAME,
    column=NAME,
    paths=("/v1/completions",),
    decode=decode.decode,
    writer=_writer,
    envelope=envelopes.events,
    stream_error=error_formats.openai,
    field_names={"messages": "prompt"},
    preference_fields=PreferenceFields(
        names={each: each for each in ("model", "stream", "max_tokens", "temperature")},
        conflicts={"temperature": ("top_p",)},
    ),
)
