"""Shows the rows as a table, with the ratio of each to the floor."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from loadtests.bench.runs import LOADS, Row

_ORDER = [load.name for load in LOADS]


def show(rows: Sequence[Row], posting: dict[str, float], console: Console) -> None:
    table = Table(title="CPU from process accounting; load generator and upstream left out")
    for heading in ("load", "target", "per s", "CPU µs", "× floor", "first ms p50 / p99", "of it"):
        table.add_column(heading, justify="left" if heading in ("load", "target") else "right")
    for row in sorted(rows, key=lambda row: _ORDER.index(row.load)):
        table.add_row(
            row.load,
            row.target,
            f"{row.per_second:,.0f}",
            f"{row.cpu_us:,.0f}",
            f"{ratio(row, rows):.2f}" if row.target != "floor" else "",
            f"{row.first_p50_ms:.1f} / {row.first_p99_ms:.1f}",
            ", ".join(f"{name} {us:,.0f}" for name, us in row.parts.items() if us >= 1),
        )
    console.print(table)
    breakdown = ", ".join(f"{name} {us:,.0f} µs" for name, us in posting.items())
    console.print(f"one usage event into PostgreSQL: {sum(posting.values()):,.0f} µs ({breakdown})")


def ratio(row: Row, rows: Sequence[Row]) -> float:
    """CPU against the empty relay's in the same run, for the same load."""
    floor = next(r for r in rows if r.load == row.load and r.target == "floor")
    return row.cpu_us / floor.cpu_us


def as_json(rows: Sequence[Row], posting: dict[str, float]) -> dict[str, Any]:
    return {
        "rows": [
            {name: getattr(row, name) for name in Row.__dataclass_fields__}
            | {"ratio_to_floor": round(ratio(row, rows), 3)}
            for row in rows
        ],
        "usage_event_cpu_us": posting,
    }
