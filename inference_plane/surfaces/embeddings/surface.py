"""OpenAI's embeddings: how the surface is reached, read and answered.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/embeddings.
"""

from inference_plane.core.request import Request
from inference_plane.core.writer import Envelope, Writer
from inference_plane.surfaces import envelopes
from inference_plane.surfaces.embeddings import NAME, decode, passthrough, translated
from inference_plane.surfaces.surface import Surface
from shared import error_formats


def _writer(request: Request, _: Envelope, same_dialect: bool) -> Writer:
    if same_dialect:
        return passthrough.Buffered()
    packed = request.fields.get("encoding_format") == "base64"
    return translated.Buffered(request.model_id, packed=packed)


SURFACE = Surface(
    name=NAME,
    column=NAME,
    paths=("/v1/embeddings",),
    decode=decode.decode,
    writer=_writer,
    envelope=envelopes.events,
    stream_error=error_formats.openai,
    field_names={"texts": "input"},
)
