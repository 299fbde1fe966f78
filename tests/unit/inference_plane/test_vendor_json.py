"""A provider's JSON is read where it can be, and never ends an answer where it cannot."""

import pytest

from inference_plane.core import vendor_json
from tests.support.fuzz import values


@pytest.mark.parametrize("data", [*values.BODIES, *values.JSON])
def test_a_providers_json_is_an_object_or_nothing(data: bytes) -> None:
    assert isinstance(vendor_json.read_object(data), dict)


def test_a_models_arguments_are_read_or_empty() -> None:
    assert vendor_json.read_arguments('{"a": "\\u0000"}') == {"a": "\0"}
    for text in ("", " ", "{", "[" * 5_000, "[" * 300 + "]" * 300, "NaN"):
        assert vendor_json.read_arguments(text) == {}
