"""Loads named statements from a package's `queries.sql`, each below a line `-- name: like_this`.

Modules look up their statements on import, so a misspelt name fails at start. Parameters are
PostgreSQL's `$1`, `$2` …, and a comment above each statement names them.
"""

import re
from collections.abc import Mapping
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


def load(package: str, file: str = "queries.sql") -> Mapping[str, str]:
    """The statements by name. Raises FileNotFoundError, or ValueError for a duplicate name."""
    _, *parts = _NAME.split((files(package) / file).read_text())
    names = parts[::2]
    if len(set(names)) != len(names):
        raise ValueError(f"{package}/{file} has two statements with the same name")
    return dict(zip(names, (text.strip() for text in parts[1::2]), strict=True))


def text(package: str, file: str) -> str:
    """The text of an SQL file."""
    return (files(package) / file).read_text()
