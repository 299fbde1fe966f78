"""Every client, and every cell of the matrix."""

from itertools import product

from tests.clients.records import FAMILIES, Cell, Client
from tests.clients.table.commands import COMMANDS
from tests.clients.table.javascript import JAVASCRIPT
from tests.clients.table.python import PYTHON
from tests.clients.tasks import TASKS

CLIENTS: tuple[Client, ...] = (*COMMANDS, *PYTHON, *JAVASCRIPT)
CORE = ("core", "instructor", "vercel")
"""The environments that install in seconds: their cells run in every `make test`."""


def cells(*clients: Client) -> list[Cell]:
    """Every cell of these clients that the client itself can do."""
    every = product(clients, FAMILIES, TASKS)
    return [cell for each in every if not (cell := Cell(*each)).gap]
