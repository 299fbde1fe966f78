"""A command line for one case, and what it left: its output and the files of its project."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.clients.programs.cases import FORECAST
from tests.clients.tasks import Outcome

SHELL = "echo Paris > city.txt"
"""What a tool that runs commands is called with."""
SCHEMA = json.dumps(FORECAST)
PICTURE = "dot.png"
"""The image of the case, in the project."""


@dataclass(frozen=True)
class Request:
    """One case for a command. `home` and `project` are folders of its own, both empty at first."""

    task: str
    model: str
    text: str
    url: str
    key: str
    image: str
    programs: Path
    home: Path
    project: Path


@dataclass(frozen=True)
class Invocation:
    """`files` are written into the home, by their paths, before the command starts."""

    argv: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    stdin: str = ""


@dataclass(frozen=True)
class Finished:
    """What a command wrote, as it came, and the folder that it worked in."""

    reads: list[str]
    stderr: str
    code: int
    project: Path

    @property
    def stdout(self) -> str:
        return "".join(self.reads)

    @property
    def output(self) -> str:
        return f"{self.stdout}\n{self.stderr}"

    def lines(self) -> Iterator[dict[str, Any]]:
        """The JSON objects of the output, one a line."""
        for line in self.stdout.splitlines():
            if line.startswith("{"):
                yield json.loads(line)

    def failed(self) -> Outcome:
        return {"error": {"name": str(self.code), "text": self.output[-3000:]}}

    def called(self) -> list[dict[str, str]]:
        """What the tool was called with, by the file that it wrote."""
        written = self.project / "city.txt"
        return [{"city": written.read_text().strip()}] if written.is_file() else []
