"""What is JSON and what is not, as a table."""

from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared import json_values
from shared.errors import InvalidRequest

DEEP = json_values.DEPTH_MAX
REFUSED: list[bytes] = [
    b"",
    b" ",
    b"{",
    b"{} {}",
    b"{}\x00",
    b"\xef\xbb\xbf{}",
    b"{'a': 1}",
    b"[1,]",
    b"NaN",
    b"[Infinity]",
    b"1e400",
    b"-1e400",
    b"1" * 400,
    b"18446744073709551616",
    b'{"a": [-9223372036854775809]}',
    b'"\\ud800"',
    b'{"\\udc80": 1}',
    b'"\xff"',
    b'"\x01"',
    b'"\\u0000"',
    b'{"a\\u0000": 1}',
    b'[{"a": ["\\u0000"]}]',
    b"[" * (DEEP + 1) + b"]" * (DEEP + 1),
    b'{"a":' * (DEEP + 1) + b"1" + b"}" * (DEEP + 1),
    b"[" * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
]
ACCEPTED: list[tuple[bytes, Any]] = [
    (b"{}", {}),
    (b' {"a": [1, 2.5, null, true, "\\u00e9\\ud83d\\ude00"]} ', {"a": [1, 2.5, None, True, "é😀"]}),
    (b"10000000000000000000", 10**19),
    (b"18446744073709551615", 2**64 - 1),
    (b"[" * DEEP + b"]" * DEEP, ...),
    (b'["' + b"[{" * 5_000 + b'"]', ["[{" * 5_000]),
    (b'["\\\\u0000", "0123456789012345678901234567890"]', ...),
]


@pytest.mark.parametrize("data", REFUSED, ids=range(len(REFUSED)))
def test_what_is_not_strict_json_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRequest):
        json_values.decode(data)


@pytest.mark.parametrize(("data", "value"), ACCEPTED, ids=range(len(ACCEPTED)))
def test_values_are_what_was_written(data: bytes, value: Any) -> None:
    decoded = json_values.decode(data)
    assert value is ... or decoded == value


def test_of_a_repeated_name_the_last_counts_and_is_what_is_written_again() -> None:
    value = json_values.decode(b'{"a": {"file_id": "mine", "file_id": "theirs"}}')
    assert msgspec.json.encode(value) == b'{"a":{"file_id":"theirs"}}'


@given(st.binary(max_size=200))
@example(b"[" * 1_000 + b"]" * 1_000)
def test_any_bytes_are_read_or_refused_and_what_is_read_can_be_written(data: bytes) -> None:
    try:
        value: Any = json_values.decode(data)
    except InvalidRequest:
        return
    assert json_values.decode(msgspec.json.encode(value)) == value
