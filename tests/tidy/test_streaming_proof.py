"""The table of docs/proof/streaming.md: every failure of others names a test there is."""

import re

import pytest

from tests.tidy.sources import ROOT, functions

_TEXT = (ROOT / "docs" / "proof" / "streaming.md").read_text()
_ROW = re.compile(r"^\| .* \| .* \| `(tests/[\w/]+\.py)::(\w+)` \|$", re.MULTILINE)


def test_every_row_names_a_test() -> None:
    lines = [line for line in _TEXT.splitlines() if line.startswith("| ")]
    assert len(_ROW.findall(_TEXT)) == len(lines) - 2


@pytest.mark.parametrize(("file", "test"), sorted(set(_ROW.findall(_TEXT))))
def test_the_test_of_the_row_exists(file: str, test: str) -> None:
    assert test in {each.name for each in functions(ROOT / file)}
