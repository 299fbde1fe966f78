"""Reads the Lua files, puts their includes in place, and names each by the SHA-1 Redis knows it by.

A script is its text: two deployments of different age load different texts under different hashes,
so both run side by side against one Redis.
"""

import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

_INCLUDE = re.compile(r"^-- @include (\w+)\n", re.MULTILINE)
_FOLDER: Traversable = files("shared.lua")


@dataclass(frozen=True, slots=True)
class Script:
    """One operation: its name, its whole text, and the hash EVALSHA takes."""

    name: str
    text: str
    sha: str


def _expand(text: str, seen: set[str]) -> str:
    """Every include once, where it is first asked for."""

    def paste(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in seen:
            return ""
        seen.add(name)
        return _expand((_FOLDER / "includes" / f"{name}.lua").read_text(), seen)

    return _INCLUDE.sub(paste, text)


def load(name: str, folder: Traversable = _FOLDER) -> Script:
    """The script `folder/name.lua`. Includes are those of `shared/lua/includes`.

    Raises FileNotFoundError for a name that has no file.
    """
    text = _expand((folder / f"{name}.lua").read_text(), set())
    return Script(name, text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


RESERVE = load("reserve")
PROGRESS = load("progress")
EXTEND = load("extend")
SETTLE = load("settle")
RELEASE = load("release")
SWEEP = load("sweep")
GRANT = load("grant")
AMEND = load("amend")
LOAD = load("load")
CORRECT = load("correct")
EXPIRE_LOTS = load("expire_lots")
FENCE = load("fence")

ALL = (
    RESERVE,
    PROGRESS,
    EXTEND,
    SETTLE,
    RELEASE,
    SWEEP,
    GRANT,
    AMEND,
    CORRECT,
    EXPIRE_LOTS,
    LOAD,
    FENCE,
)
