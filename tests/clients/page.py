"""Generates docs/clients.md from the table: it contains only what a test proves."""

from collections.abc import Iterator

from tests.clients.records import FAMILIES, Cell, Client
from tests.clients.table import CLIENTS
from tests.clients.table.commands import COMMANDS
from tests.clients.table.javascript import JAVASCRIPT
from tests.clients.table.python import PYTHON
from tests.clients.tasks import TASKS

_HEAD = """\
# Programs that work

Generated from `tests/clients/table/`; regenerate it with
`HEADRACE_WRITE_CLIENTS=1 make test ARGS=tests/tidy/test_clients.py`.

Copy the lines of your program, with the address of your deployment in place of
`http://localhost:3000`, and an API key of your account in `HEADRACE_KEY`. A program works with any
model of the catalogue: only the model's name changes.

Each cell is a test, which `make clients` runs: the program as its makers publish it calls, through
a running Headrace, a simulated provider that refuses what its vendor would refuse. `make clients
ARGS=codex` runs one program. Versions are pinned in `requirements/clients-*.txt` and in
`tests/clients/npm/`.

- `✓` it works.
- `–` the program itself cannot do this; the reason is below its table.

| task | what is tested |
| --- | --- |
"""


def written() -> str:
    """The whole page."""
    tasks = "".join(f"| {task} | {means} |\n" for task, means in TASKS.items())
    sections = (("Agents and commands", COMMANDS), ("Python", PYTHON), ("JavaScript", JAVASCRIPT))
    assert sum(len(clients) for _, clients in sections) == len(CLIENTS)
    return _HEAD + tasks + "".join(_section(title, clients) for title, clients in sections)


def _section(title: str, clients: tuple[Client, ...]) -> str:
    return f"\n## {title}\n" + "".join(_client(client) for client in clients)


def _client(client: Client) -> str:
    lines = [
        f"\n### {client.title}\n",
        f"```{client.language}",
        client.setup,
        "```\n",
        *_settings(client),
        *([f"{client.notes}\n"] if client.notes else []),
        f"| | {' | '.join(TASKS)} |",
        f"| --- |{' --- |' * len(TASKS)}",
        *(_line(client, family) for family in FAMILIES),
        *_gaps(client),
    ]
    return "\n".join(lines) + "\n"


def _settings(client: Client) -> Iterator[str]:
    if client.settings:
        path, text = client.settings
        yield f"`{path}`:\n\n```json\n{text.strip()}\n```\n"


def _line(client: Client, family: str) -> str:
    marks = ("–" if Cell(client, family, task).gap else "✓" for task in TASKS)
    return f"| {family} | {' | '.join(marks)} |"


def _gaps(client: Client) -> Iterator[str]:
    if client.gaps:
        yield ""
    for where, reason in client.gaps.items():
        task, _, family = where.partition("-")
        named = f"{task}, {family}" if family else task
        yield f"- {named}: {reason}."
