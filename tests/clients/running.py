"""Runs a program with its cases, and reads what the simulated provider received for each."""

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.clients import installed
from tests.clients.records import Cell, Program
from tests.clients.tasks import Entries, Outcome, case
from tests.support.judges.installed import ROOT

RUN_S = 600
ENDED_S = 20
_OURS = (
    "OPENAI_",
    "ANTHROPIC_",
    "GOOGLE_",
    "GEMINI_",
    "HEADRACE_",
    "CLAUDE",
    "HTTP",
    "CI",
    "PYTHON",
)
"""What the shell may have set must not reach a client: another vendor's address, a proxy.
Nor may it keep Python from keeping what it has compiled."""


@dataclass(frozen=True)
class Target:
    """Headrace's origin, a key of an account, and the root of the simulated provider."""

    url: str
    key: str
    provider: str

    def entries(self, cells: Iterable[Cell]) -> dict[str, Entries]:
        """The provider's requests of each cell, by its id, once the last one has ended."""
        wanted, deadline = list(cells), time.monotonic() + ENDED_S
        while True:
            found = self.received(wanted)
            ended = all(each["outcome"] != "open" for one in found.values() for each in one)
            if ended or time.monotonic() > deadline:
                return found
            time.sleep(0.1)

    def received(self, cells: Iterable[Cell]) -> dict[str, Entries]:
        with urllib.request.urlopen(f"{self.provider}/sim/requests?last=200") as response:
            requests: Entries = json.load(response)["requests"]
        bodies = [(json.dumps(each["body"]), each) for each in requests]
        return {
            cell.id: [each for body, each in bodies if f"{cell.id}\\n" in body] for cell in cells
        }


def outcomes(program: Program, cells: Iterable[Cell], target: Target) -> dict[str, Outcome]:
    """What came out of each cell, by its id. Fails with the program's own words."""
    cases = [case(cell, target.url, target.key) for cell in cells]
    done = subprocess.run(
        _argv(program),
        cwd=ROOT,
        env=environment() | _addresses(target),
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_S,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Outcome] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def environment() -> dict[str, str]:
    """The shell's, without what would lead a client elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}


def _addresses(target: Target) -> dict[str, str]:
    """For the integrations that take an address from nowhere else."""
    return {
        "ANTHROPIC_BASE_URL": target.url,
        "GOOGLE_GEMINI_BASE_URL": target.url,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "PYTHONWARNINGS": "ignore",
    }


def _argv(program: Program) -> list[Any]:
    if program.module:
        interpreter: Path = installed.python(program.environment) / "python"
        return [interpreter, "-m", f"tests.clients.programs.{program.module}"]
    installed.npm(program.environment)
    return [shutil.which("node"), installed.NPM / program.environment / "run.mjs"]
