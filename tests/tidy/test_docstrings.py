"""What docstrings must name: the exceptions that a public function's own body raises."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tidy.sources import PACKAGES, name, python_files, tree

Function = ast.FunctionDef | ast.AsyncFunctionDef
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
"""What has a body of its own inside a function."""


@pytest.mark.parametrize("file", python_files(*PACKAGES), ids=name)
def test_docstrings_name_what_is_raised(file: Path) -> None:
    unnamed = [
        f"{name(file)}:{function.lineno}: the docstring of {function.name} must name {error}"
        for function in _public(tree(file))
        for error in sorted(set(_raised(function)))
        if not re.search(rf"\b{error}\b", ast.get_docstring(function) or "")
    ]
    assert not unnamed, "\n".join(unnamed)


def _public(node: ast.AST) -> Iterator[Function]:
    """Functions, and methods of public classes; not those inside a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            if not child.name.startswith("_") or child.name == "__call__":
                yield child
        elif not isinstance(child, ast.ClassDef) or not child.name.startswith("_"):
            yield from _public(child)


def _raised(node: ast.AST) -> Iterator[str]:
    """The classes that the body raises itself; not what a variable holds or a call returns."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _INNER):
            continue
        if isinstance(child, ast.Raise) and child.exc is not None:
            raised = child.exc.func if isinstance(child.exc, ast.Call) else child.exc
            error = ast.unparse(raised).rpartition(".")[2]
            if error[:1].isupper():
                yield error
        yield from _raised(child)
