"""Identifiers use the field's words. These were once ours alone, and must not come back.

A word is banned as a part of a name: `told` bans `told_of_change`, not `tolerance`. What to write
instead stands beside it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tidy.sources import files, name, python_files, tree

BANNED = {
    "asked": "request, input, requested",
    "asking": "request",
    "blame": "fault",
    "booked": "posted",
    "booking": "posting",
    "conclude": "finish",
    "courier": "change_relay",
    "errand": "one_shot",
    "folded": "aggregated",
    "gv": "change_seq",
    "hopeless": "excluded",
    "lapse": "expire",
    "lapsed": "expired",
    "lapsing": "expiring",
    "outlive": "detached",
    "postman": "mailer",
    "purging": "erasure",
    "recall": "replay",
    "said": "message, flash, output",
    "spelling": "casing",
    "strangers": "unknown_accounts",
    "strays": "orphaned_holds",
    "told": "sent, reported, log_fields",
    "treasury": "granter",
    "undoing": "email_revert",
    "untouched": "passthrough",
    "verdict": "result, upstream_failure",
    "witness": "redis_failover",
}
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
_FOREIGN_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_SQL_TEXT = re.compile(r"--[^\n]*|/\*.*?\*/|'[^']*'", re.DOTALL)
_LUA_TEXT = re.compile(r"--\[\[.*?\]\]|--[^\n]*", re.DOTALL)
_SHIPPED = "control_plane/db/migrations/"
"""A migration that has shipped is never edited; what it creates may be renamed by a later one."""


@pytest.mark.parametrize("file", python_files(), ids=name)
def test_python_uses_the_words_of_the_field(file: Path) -> None:
    found = {f"{each}: {_instead(each)}" for each in _names(file) if _instead(each)}
    assert found == set()


@pytest.mark.parametrize(
    "file", [each for each in files() if each.suffix in {".sql", ".lua"}], ids=name
)
def test_scripts_and_queries_use_the_words_of_the_field(file: Path) -> None:
    if name(file).startswith(_SHIPPED) and file.name != "schema.sql":
        return
    text = (_SQL_TEXT if file.suffix == ".sql" else _LUA_TEXT).sub(" ", file.read_text())
    found = {f"{each}: {_instead(each)}" for each in _FOREIGN_NAME.findall(text) if _instead(each)}
    assert found == set()


def _names(file: Path) -> Iterator[str]:
    yield file.stem
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg


def _instead(identifier: str) -> str | None:
    parts = {part.lower() for part in _PART.findall(identifier)}
    return next((better for word, better in BANNED.items() if word in parts), None)
