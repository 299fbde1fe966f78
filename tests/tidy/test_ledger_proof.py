"""docs/proof/ledger.md: every failure has its row, and every row names a test that exists."""

import ast
import re
from pathlib import Path

import pytest

from tests.tidy.sources import ROOT, tree

_TEXT = (ROOT / "docs" / "proof" / "ledger.md").read_text()
_ROW = re.compile(r"^\| (\d+) \|.*\| `(tests/[\w/]+\.py)::(\w+)` \|$", re.MULTILINE)
SECTIONS = {"Known failures": 18, "Failure matrix": 19}
"""And how many rows each has."""


def rows(section: str) -> list[tuple[str, str, str]]:
    """Number, file and test of each row."""
    part = _TEXT.split(f"## {section}\n", 1)[1].split("\n## ", 1)[0]
    return _ROW.findall(part)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_row_is_there_once(section: str) -> None:
    assert [int(number) for number, _, _ in rows(section)] == list(range(1, SECTIONS[section] + 1))


@pytest.mark.parametrize(
    ("file", "test"), sorted({row[1:] for each in SECTIONS for row in rows(each)})
)
def test_the_test_of_the_row_exists(file: str, test: str) -> None:
    assert test in _tests_of(ROOT / file)


def _tests_of(file: Path) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {each.name for each in tree(file).body if isinstance(each, kinds)}
