"""The schema as a page: a mermaid diagram, then indexes and generated columns, all from the live
database, so that the page cannot say anything that is not so.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import asyncpg

from control_plane.kit import queries
from control_plane.kit.database import Pool

_SQL = queries.load("control_plane.schema")
_COLUMNS, _REFERENCES = _SQL["list_columns"], _SQL["list_references"]
_INDEXES, _GENERATED = _SQL["list_indexes"], _SQL["list_generated"]

_HEAD = """# The database

Written by `python -m control_plane.schema` from the live schema; a test holds it to that. Why each
table is as it is stands beside it, in `control_plane/migrations/`; what all of them add up to, as
SQL, in `control_plane/migrations/schema.sql`.

Every amount of credits is in micro-credits, every price in cents, every time has its zone. The
books (`ledger_tx`, `ledger_entries`) are only ever added to, and each transaction sums to zero: the
database itself sees to both. `usage_history` has a partition for each month.
"""

Rows = Sequence[asyncpg.Record]


async def draw(pool: Pool) -> str:
    """The whole page."""
    columns, references = await pool.fetch(_COLUMNS), await pool.fetch(_REFERENCES)
    indexes, generated = await pool.fetch(_INDEXES), await pool.fetch(_GENERATED)
    tables = [_table(name, list(rows)) for name, rows in groupby(columns, itemgetter("table"))]
    lines = [_HEAD, "```mermaid", "erDiagram", *(_reference(row) for row in references)]
    lines += ["\n".join(tables), "```", "", *_list_indexes(indexes), *_list_generated(generated)]
    return "\n".join(lines) + "\n"


def _reference(row: asyncpg.Record) -> str:
    many = "o|" if row["single"] else "o{"
    label = row["columns"] + (", gone with it" if row["cascades"] else "")
    return f'  {row["target"]} ||--{many} {row["table"]} : "{label}"'


def _table(name: str, rows: Rows) -> str:
    lines = [f"  {name} {{"]
    for row in rows:
        marks = [mark for mark, told in (("PK", "in_key"), ("FK", "refers")) if row[told]]
        kind = re.sub(r"\W+", "_", row["type"].replace(" with time zone", "tz")).strip("_")
        notes = [note for note, so in _notes(row) if so]
        note = f'"{", ".join(notes)}"' if notes else ""
        words = (kind, row["name"], ", ".join(marks), note)
        lines.append("    " + " ".join(word for word in words if word))
    return "\n".join([*lines, "  }"])


def _notes(row: asyncpg.Record) -> list[tuple[str, bool]]:
    if row["is_view"]:
        return [("view", True)]
    return [("or null", not row["required"]), ("generated", row["generated"])]


def _list_indexes(rows: Rows) -> list[str]:
    lines = ["## Indexes", "", "| table | index |", "| --- | --- |"]
    for row in rows:
        definition = re.sub(r"^CREATE | ON (ONLY )?public\.\w+ USING btree", "", row["definition"])
        lines.append(f"| {row['table']} | `{definition}` |")
    return [*lines, ""]


def _list_generated(rows: Rows) -> list[str]:
    lines = ["## Generated columns", "", "| column | is |", "| --- | --- |"]
    for row in rows:
        expression = " ".join(row["expression"].split())
        lines.append(f"| {row['table']}.{row['name']} | `{expression}` |")
    return lines
