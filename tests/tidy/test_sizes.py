"""Small files, small functions, few parameters."""

import ast
from pathlib import Path

import pytest

from tests.tidy.sources import files, functions, name, python_files

FILE_LINES, TEST_LINES, FUNCTION_LINES, POSITIONAL, LUA_LINES, COLUMNS = 400, 500, 60, 5, 120, 100
FORBIDDEN = {"utils.py", "helpers.py", "common.py"}


@pytest.mark.parametrize("file", python_files(), ids=name)
def test_python_is_small(file: Path) -> None:
    limit = TEST_LINES if name(file).startswith("tests/") else FILE_LINES
    assert len(file.read_text().splitlines()) <= limit
    long = [each.name for each in functions(file) if _lines(each) > FUNCTION_LINES]
    wide = [each.name for each in functions(file) if _positional(each) > POSITIONAL]
    assert (long, wide) == ([], [])


def test_lua_is_small() -> None:
    sizes = {name(each): len(each.read_text().splitlines()) for each in _lua()}
    assert sizes
    assert {each: size for each, size in sizes.items() if size > LUA_LINES} == {}


def test_names_say_what_is_inside() -> None:
    vague = [name(each) for each in files() if each.name in FORBIDDEN or "_v2" in each.name]
    assert vague == []


def test_lines_fit() -> None:
    # Ruff measures Python.
    written = [each for each in files() if each.suffix in {".lua", ".sql"}]
    wide = [
        f"{name(file)}:{number}"
        for file in written
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if len(line) > COLUMNS
    ]
    assert wide == []


def _lua() -> list[Path]:
    return [each for each in files() if each.suffix == ".lua"]


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    arguments = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    return len(arguments) - (arguments[:1] in (["self"], ["cls"]))
