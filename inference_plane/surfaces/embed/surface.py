"""Gemini's embeddings: how the surface is reached, read and answered.

Source: Gemini API reference, https://ai.google.dev/api/embeddings.
"""

from inference_plane.core.request import Request
from inference_plane.core.writer import Envelope, Writer
from inference_plane.surfaces import envelopes
from inference_plane.surfaces.embed import NAME, answers, decode
from inference_plane.surfaces.generate import addressing, references
from inference_plane.surfaces.surface import Surface
from shared import error_formats


def _writer(request: Request, _: Envelope, same_dialect: bool) -> Writer:
    if same_dialect:
        return answers.Passthrough()
    return answers.Translated(batch=request.address.verb == decode.BATCH)


SURFACE = Surface(
    name=NAME,
    column=NAME,
    paths=addressing.paths("embedContent", decode.BATCH),
    decode=decode.decode,
    references=references.find,
    writer=_writer,
    envelope=envelopes.events,
    stream_error=error_formats.google,
    address=addressing.read,
    field_names={"texts": "requests", "dimensions": "outputDimensionality"},
)
