"""Fail points: a closed list, each in one place, and nothing at all unless a test asks for one."""

import re
from collections import Counter

import pytest

from shared import failpoints
from tests.tidy.sources import python_files

PLANES = ("control_plane", "inference_plane")


def test_without_the_variable_nothing_happens() -> None:
    assert failpoints.reach is failpoints.armed("")
    for name in failpoints.NAMES:
        failpoints.reach(name)


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no 'elsewhere'"):
        failpoints.armed("elsewhere")


def test_every_point_is_in_exactly_one_place() -> None:
    found: Counter[str] = Counter()
    for file in python_files(*PLANES):
        found.update(re.findall(r'\breach\("([^"]+)"\)', file.read_text()))
    assert found == Counter(failpoints.NAMES)
