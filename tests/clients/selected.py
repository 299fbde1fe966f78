"""What the programs of a run have to do: the cells that pytest has selected, once per program."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from tests.clients.records import Cell, Program
from tests.clients.running import Target, outcomes
from tests.clients.tasks import Entries, Outcome

Done = dict[str, tuple[Outcome, Entries]]


def runner(request: pytest.FixtureRequest, target: Target) -> Callable[[Program], Done]:
    """Runs a program with its selected cells at its first call: outcome and requests by cell."""
    chosen: list[Any] = [
        item.callspec.params["cell"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and "cell" in getattr(item, "fixturenames", ())
    ]

    @cache
    def run(program: Program) -> Done:
        cells: list[Cell] = [each for each in chosen if each.client.program == program]
        found = outcomes(program, cells, target)
        entries = target.entries(cells)
        return {cell.id: (found[cell.id], entries[cell.id]) for cell in cells}

    return run
