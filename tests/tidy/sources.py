"""The project's own files, as git knows them, and their syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("control_plane", "deploy", "inference_plane", "loadtests", "shared")


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, also those not committed yet."""
    argv = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(each for each in found if each.is_file()))


def python_files(*tops: str) -> list[Path]:
    """The Python files below those top folders; when none is named, of all of them."""
    wanted = tops or (*PACKAGES, "tests")
    return [
        each for each in files() if each.suffix == ".py" and name(each).startswith(_dirs(wanted))
    ]


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), filename=str(file))


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def strings(file: Path) -> Iterator[ast.Constant]:
    """Text in the code that is not a docstring."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree(file))
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(file)):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) not in docstrings:
            yield node


def _dirs(tops: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(top if top.endswith(".py") else f"{top}/" for top in tops)
