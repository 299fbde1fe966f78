"""One place where a caller's bytes become values: what it refuses, and that it always answers."""

from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inference_plane.core import json_values, vendor_json
from inference_plane.core.json_values import DEPTH_MAX, Unreadable, decode
from tests.support.fuzz import values


def _nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


def test_nesting_is_read_up_to_its_limit_and_not_beyond() -> None:
    assert decode(_nested(DEPTH_MAX))
    for levels in (DEPTH_MAX + 1, 5_000, 200_000):
        with pytest.raises(Unreadable, match="levels deep"):
            decode(_nested(levels))


def test_brackets_inside_strings_are_no_levels() -> None:
    assert decode(b'["' + b"[{" * 500 + b'"]') == ["[{" * 500]


@pytest.mark.parametrize("number", [b"1e400", b"-1e400", b"1" * 400, b"18446744073709551616"])
def test_numbers_beyond_any_parser_are_refused(number: bytes) -> None:
    with pytest.raises(Unreadable, match="too large"):
        decode(b'{"a": [' + number + b"]}")


@pytest.mark.parametrize(
    "text",
    [
        b"NaN",
        b"Infinity",
        b'"\\ud800"',
        b'"\\udc80x"',
        b'"\xff\xfe"',
        b'"\x01"',
        b"\xef\xbb\xbf{}",
        b"{} {}",
        b"",
        b"{}\x00",
    ],
)
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(text)


def test_of_a_repeated_name_the_last_counts_and_is_what_is_sent_on() -> None:
    value = decode(b'{"a": {"file_id": "mine", "file_id": "theirs"}}')
    assert msgspec.json.encode(value) == b'{"a":{"file_id":"theirs"}}'


@given(st.binary(max_size=200))
@example(_nested(1_000))
def test_any_bytes_are_read_or_refused_and_what_is_read_can_be_written(data: bytes) -> None:
    try:
        value: Any = decode(data)
    except Unreadable:
        return
    assert decode(msgspec.json.encode(value)) == value


@pytest.mark.parametrize("data", [*values.BODIES, *values.JSON])
def test_the_strings_that_are_parsed_again_have_the_same_limits(data: bytes) -> None:
    text = data.decode(errors="replace")
    try:
        expected: Any = decode(text.encode())
    except Unreadable:
        with pytest.raises(Unreadable):
            json_values.decode_text(text)
    else:
        assert json_values.decode_text(text) == expected


@pytest.mark.parametrize("data", [*values.BODIES, *values.JSON])
def test_a_providers_json_is_an_object_or_nothing(data: bytes) -> None:
    assert isinstance(vendor_json.read_object(data), dict)
