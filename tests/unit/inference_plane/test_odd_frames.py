"""No frame of any provider can fail the answer: it has been charged by then."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference_plane.core.request import Address, Request
from inference_plane.core.writer import Bill, Writer
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
}
ADDRESSES = {"generate": Address("m", "generateContent")}
CASES = [
    (surface, dialect, streamed)
    for surface in BODIES
    for dialect in ANSWERS
    if (surface == "embeddings") == (dialect == "embeddings")
    for streamed in (True, False)
    if not (streamed and dialect == "embeddings")
]
_SURFACES: dict[str, Surface] = {each.name: each for each in reversed(SURFACES)}


def _request(surface: str, *, streamed: bool) -> Request:
    body = json.dumps(BODIES[surface]).encode()
    request = _SURFACES[surface].decode(body, ADDRESSES.get(surface, Address()))
    return replace(request, streamed=streamed)


def _writer(name: str, dialect: str, *, streamed: bool) -> Writer:
    surface, request = _SURFACES[name], _request(name, streamed=streamed)
    return surface.writer(request, surface.envelope(request), request.dialect == dialect)


def _written(name: str, dialect: str, payloads: list[bytes], *, streamed: bool) -> bytes:
    decoder, writer = DECODERS[dialect](), _writer(name, dialect, streamed=streamed)
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
