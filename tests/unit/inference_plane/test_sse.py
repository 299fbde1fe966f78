"""Server-sent events: complete frames at any boundaries, with their bytes unchanged."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from inference_plane.core import sse

STREAM = 'data: {"a":1}\n\n: comment\n\nevent: x\ndata: one\ndata: two\n\ndata: é\n\n'.encode()


def _cut(data: bytes, at: list[int]) -> list[bytes]:
    edges = [0, *sorted(at), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_frames_do_not_depend_on_where_the_network_cuts(at: list[int]) -> None:
    splitter = sse.Splitter()
    frames = [frame for piece in _cut(STREAM, at) for frame in splitter.feed(piece)]
    assert b"".join(frames) == STREAM
    assert len(frames) == 4
    assert not splitter.unfinished


@given(st.lists(st.integers(0, len(STREAM) + 9), max_size=8))
def test_carriage_returns_are_read_as_line_ends(at: list[int]) -> None:
    splitter = sse.Splitter()
    stream = STREAM.replace(b"\n", b"\r\n")
    frames = [frame for piece in _cut(stream, at) for frame in splitter.feed(piece)]
    assert [sse.data_of(frame) for frame in frames] == [
        b'{"a":1}',
        b"",
        b"one\ntwo",
        "é".encode(),
    ]


def test_a_frame_that_is_not_finished_is_not_passed_on() -> None:
    splitter = sse.Splitter()
    assert splitter.feed(b"data: half") == []
    assert splitter.unfinished
    assert splitter.feed(b" done\n\n") == [b"data: half done\n\n"]


def test_data_without_a_space_after_the_colon_is_data_too() -> None:
    assert sse.data_of(b"data:x\n\n") == b"x"
    assert sse.data_of(sse.frame(b"x")) == b"x"
    assert sse.data_of(sse.KEEP_ALIVE) == b""
