"""What code may not do: SQL or Lua in Python, floats for money, hidden imports, catch-alls."""

import ast
import re
from pathlib import Path

import pytest

from tests.tidy.allowed import CATCH_ALL, CLOCKS
from tests.tidy.sources import functions, name, python_files, strings, tree

MONEY = (
    "control_plane/ledger",
    "control_plane/billing",
    "control_plane/usage",
    "shared/credits.py",
)
# `public` makes the JSON number a user reads, after all arithmetic is done.
FLOAT_ALLOWED = {"shared/credits.py": {"public"}}
FOREIGN = re.compile(
    r"\bSELECT\s|\bINSERT\s+INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b|\bCREATE\s+TABLE\b"
    r"|redis\.call"
)


@pytest.mark.parametrize("file", python_files(), ids=name)
def test_modules_open_with_a_docstring(file: Path) -> None:
    # An empty file marks a folder of tests as a package and has nothing to explain.
    assert ast.get_docstring(tree(file)) or not file.read_text()


@pytest.mark.parametrize("file", python_files(), ids=name)
def test_no_hidden_imports_and_no_globals(file: Path) -> None:
    inner = [
        node.lineno
        for function in functions(file)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Global)
    ]
    assert inner == []


def test_sql_and_lua_live_in_files_of_their_own() -> None:
    found = [
        f"{name(file)}:{each.lineno}"
        for file in python_files()
        if not name(file).startswith("tests/")
        for each in strings(file)
        if FOREIGN.search(str(each.value))
    ]
    assert found == []


@pytest.mark.parametrize("file", python_files(*MONEY), ids=name)
def test_money_is_counted_in_integers(file: Path) -> None:
    allowed = FLOAT_ALLOWED.get(name(file), set())
    exempt: list[ast.stmt] = [each for each in functions(file) if each.name in allowed]
    exempt += [each for each in tree(file).body if _is_duration(each)]
    spared = {id(node) for each in exempt for node in ast.walk(each)}
    floats = [
        node.lineno
        for node in ast.walk(tree(file))
        if isinstance(node, ast.expr) and id(node) not in spared and _is_float(node)
    ]
    assert floats == []


@pytest.mark.parametrize("file", python_files(), ids=name)
def test_arguments_and_items_are_written_plainly(file: Path) -> None:
    """`*(a, b)` only evades the formatter and the limits on parameters."""
    splats = [
        node.lineno
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Starred) and isinstance(node.value, ast.Tuple | ast.List)
    ]
    assert splats == []


def test_only_the_edges_catch_everything() -> None:
    found = {
        name(file)
        for file in python_files()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node)
    }
    assert found - CATCH_ALL.keys() == set()


def test_the_control_plane_has_one_clock() -> None:
    asks = {"time.time", "datetime.now", "datetime.utcnow"}
    found = {
        name(file)
        for file in python_files("control_plane")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in asks
    }
    assert found - CLOCKS.keys() == set()


def _is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id == "float"
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def _is_duration(statement: ast.stmt) -> bool:
    """A constant in seconds, which no amount is."""
    return isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]).endswith("_S")


def _catches_all(handler: ast.ExceptHandler) -> bool:
    if isinstance(handler.body[-1], ast.Raise):
        return False
    kinds = "" if handler.type is None else ast.unparse(handler.type)
    return handler.type is None or bool(re.search(r"\b(Base)?Exception\b", kinds))
