"""Every library does every task with a model of each vendor, through a running product."""

from collections.abc import Callable

import pytest

from tests.clients.records import Cell, Program
from tests.clients.running import Target
from tests.clients.selected import Done, runner
from tests.clients.table import cells
from tests.clients.table.javascript import JAVASCRIPT
from tests.clients.table.python import PYTHON
from tests.clients.tasks import check


@pytest.fixture(scope="session")
def done(request: pytest.FixtureRequest, target: Target) -> Callable[[Program], Done]:
    return runner(request, target)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("cell", cells(*PYTHON, *JAVASCRIPT), ids=lambda cell: cell.id)
def test_a_library_does_the_task(done: Callable[[Program], Done], cell: Cell) -> None:
    check(cell, *done(cell.client.program)[cell.id])
