"""The security list of docs/proof/identity.md: complete, and every point's test is there."""

import ast
import re

import pytest

from tests.tidy.sources import ROOT, tree

_ROW = re.compile(r"^\| (\d+) \| .* \| `(tests/[\w/]+\.py)::(\w+)` \|$", re.MULTILINE)
ROWS: list[tuple[str, str, str]] = _ROW.findall(
    (ROOT / "docs" / "proof" / "identity.md").read_text()
)


def test_every_point_is_there_once() -> None:
    assert [int(number) for number, _, _ in ROWS] == list(range(1, 67))


@pytest.mark.parametrize(("file", "test"), sorted({(file, test) for _, file, test in ROWS}))
def test_the_test_of_the_point_exists(file: str, test: str) -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    assert test in {each.name for each in tree(ROOT / file).body if isinstance(each, kinds)}
