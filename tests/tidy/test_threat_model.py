"""docs/threat-model.md: every line of defence names a test that exists."""

import re

import pytest

from tests.tidy.sources import ROOT, functions

_TEXT = (ROOT / "docs" / "threat-model.md").read_text()
_DEFENCES = _TEXT.split("## Lines of defence\n", 1)[1].split("\n## ", 1)[0]
_ROW = re.compile(r"^\| [^|]+ \| [^|]+ \| `(tests/[\w/]+\.py)::(\w+)` \|$", re.MULTILINE)
ROWS = _ROW.findall(_DEFENCES)


def test_every_line_names_a_test() -> None:
    lines = [line for line in _DEFENCES.splitlines() if line.startswith("| ")]
    headings = [line for line in lines if line.startswith(("| attack |", "| --- |"))]
    assert len(ROWS) == len(lines) - len(headings)
    assert len(ROWS) >= 40


@pytest.mark.parametrize(("file", "test"), sorted(set(ROWS)))
def test_the_test_of_the_line_exists(file: str, test: str) -> None:
    assert test in {each.name for each in functions(ROOT / file)}
