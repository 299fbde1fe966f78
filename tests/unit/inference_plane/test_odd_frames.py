"""No frame of any provider can fail the answer: it has been charged by then."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference_plane.core.decoder import Decoder
from inference_plane.core.renamed import Renamed
from inference_plane.core.request import Address, Request
from inference_plane.core.writer import Bill, Writer
from inference_plane.providers.google.embeddings import EmbeddingsDecoder as GoogleEmbeddings
from inference_plane.providers.openai.embeddings import EmbeddingsDecoder
from inference_plane.surfaces.surface import Surface
from inference_plane.surfaces.table import SURFACES
from shared.credits import Tokens
from tests.support.odd_frames import ANSWERS, odd_frames
from tests.unit.inference_plane.test_usage import DECODERS

BILL = Bill(Tokens(input=3, output=2), 1, 9)
BODIES: dict[str, dict[str, Any]] = {
    "chat": {"model": "m", "messages": [{"role": "user", "content": "hi"}]},
    "completions": {"model": "m", "prompt": "hi"},
    "responses": {"model": "m", "input": "hi"},
    "messages": {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]},
    "generate": {"contents": [{"role": "user", "parts": [{"text": "hi"}]}]},
    "embeddings": {"model": "m", "input": "hi"},
    "packed": {"model": "m", "input": "hi", "encoding_format": "base64"},
    "embed": {"content": {"parts": [{"text": "hi"}]}},
}
ADDRESSES = {
    "generate": Address("m", "generateContent"),
    "embed": Address("m", "embedContent"),
}
EMBEDDING = ("embeddings", "packed", "embed")
CASES = [
    (surface, dialect, streamed)
    for surface in BODIES
    for dialect in ANSWERS
    if (surface in EMBEDDING) == (dialect in EMBEDDING)
    for streamed in (True, False)
    if not (streamed and dialect in EMBEDDING)
]
_SURFACES: dict[str, Surface] = {each.name: each for each in reversed(SURFACES)}
_SURFACES["packed"] = _SURFACES["embeddings"]
_TRANSLATED: dict[str, Callable[[], Decoder]] = {
    "embeddings": lambda: EmbeddingsDecoder(translated=True),
    "embed": lambda: GoogleEmbeddings(translated=True),
}
_OWN: dict[str, Callable[[], Decoder]] = DECODERS | {"embed": GoogleEmbeddings}


def _request(surface: str, *, streamed: bool) -> Request:
    body = json.dumps(BODIES[surface]).encode()
    request = _SURFACES[surface].decode(body, ADDRESSES.get(surface, Address()))
    return replace(request, streamed=streamed)


def _writer(name: str, dialect: str, *, streamed: bool) -> Writer:
    surface, request = _SURFACES[name], _request(name, streamed=streamed)
    return surface.writer(request, surface.envelope(request), request.dialect == dialect)


def _written(name: str, dialect: str, payloads: list[bytes], *, streamed: bool) -> bytes:
    same = _request(name, streamed=streamed).dialect == dialect
    decoder = (_OWN if same else _OWN | _TRANSLATED)[dialect]()
    writer = _writer(name, dialect, streamed=streamed)
    if same:
        writer = Renamed(writer, _SURFACES[name].model_field, "m")
    pieces = [
        writer.frame(b"data: " + each + b"\n\n", each, decoder.feed(each)) for each in payloads
    ]
    pieces.append(writer.frame(b"", b"", decoder.finish()))
    return b"".join([*pieces, writer.tail(BILL)])


@pytest.mark.parametrize(("surface", "dialect", "streamed"), CASES)
@given(data=st.data())
def test_an_odd_frame_fails_no_answer(
    surface: str, dialect: str, streamed: bool, data: st.DataObject
) -> None:
    written = _written(surface, dialect, data.draw(odd_frames(dialect)), streamed=streamed)
    if not streamed:
        json.loads(written)
        assert b'"credits"' in written
