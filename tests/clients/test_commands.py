"""Every agent that is a command does every task that it can, with a model of each vendor."""

from pathlib import Path

import pytest

from tests.clients import installed
from tests.clients.commands import MODULES
from tests.clients.commands.running import Command, outcome
from tests.clients.records import Cell
from tests.clients.running import Target
from tests.clients.table import cells
from tests.clients.table.commands import COMMANDS
from tests.clients.tasks import check


@pytest.mark.timeout(600)
@pytest.mark.parametrize("cell", cells(*COMMANDS), ids=lambda cell: cell.id)
def test_a_command_does_the_task(target: Target, cell: Cell, tmp_path: Path) -> None:
    name, environment = cell.client.name, cell.client.program.environment
    npm = (installed.NPM / environment).is_dir()
    programs = installed.npm(environment) if npm else installed.python(environment)
    found = outcome(Command(MODULES[name], programs), cell, target, tmp_path)
    check(cell, found, target.entries([cell])[cell.id])
