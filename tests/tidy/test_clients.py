"""docs/clients.md says what the tests of the clients prove, and nothing else."""

import os

from tests.clients import page
from tests.clients.commands import MODULES
from tests.clients.installed import NPM
from tests.clients.records import FAMILIES
from tests.clients.table import CLIENTS, cells
from tests.clients.table.commands import COMMANDS
from tests.clients.tasks import TASKS
from tests.tidy.sources import ROOT

_PAGE = ROOT / "docs" / "clients.md"


def test_the_page_is_what_the_clients_do() -> None:
    if os.environ.get("HEADRACE_WRITE_CLIENTS"):
        _PAGE.write_text(page.written())
    assert _PAGE.read_text() == page.written()


def test_every_client_is_pinned_and_has_its_program() -> None:
    for client in CLIENTS:
        name, module = client.program.environment, client.program.module
        pinned = (ROOT / f"requirements/clients-{name}.txt", NPM / name / "package-lock.json")
        assert any(each.is_file() for each in pinned), client.name
        program = ROOT / f"tests/clients/programs/{module}.py" if module else NPM / name / "run.mjs"
        assert client in COMMANDS or program.is_file(), client.name
    assert MODULES.keys() == {client.name for client in COMMANDS}


def test_every_reason_is_about_a_cell() -> None:
    """A gap of no task or family would leave out nothing, and a name twice would hide one."""
    known = {*TASKS, *FAMILIES, *(f"{task}-{family}" for task in TASKS for family in FAMILIES)}
    for client in CLIENTS:
        assert {*client.gaps, *client.directives} <= known, client.name
    names = [cell.id for cell in cells(*CLIENTS)]
    assert len(set(names)) == len(names)
