"""Reads a package's `queries.sql`: each statement stands below a line `-- name: like_this`.

Stores take their statements by name when they are imported, so a misspelt one fails at start.
Parameters are PostgreSQL's own `$1`, `$2` …, for a comment above each statement to name.
"""

import re
from collections.abc import Mapping
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


def load(package: str, file: str = "queries.sql") -> Mapping[str, str]:
    """The statements of that file by name. Raises FileNotFoundError, or ValueError on a twin."""
    _, *parts = _NAME.split((files(package) / file).read_text())
    names = parts[::2]
    if len(set(names)) != len(names):
        raise ValueError(f"{package}/{file} has two statements of one name")
    return dict(zip(names, (text.strip() for text in parts[1::2]), strict=True))


def text(package: str, file: str) -> str:
    """A whole SQL file."""
    return (files(package) / file).read_text()
