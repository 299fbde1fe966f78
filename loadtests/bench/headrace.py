"""An empty Serve relay and Headrace, side by side in one instance of its own.

Measured at the inference plane's own port, so that both sides of a ratio pass one HAProxy; the edge
is a row of its own. Whoever is to be measured beside them asks the same simulated upstream.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from loadtests import people
from loadtests.bench import booking, table
from loadtests.bench.accounting import Accounts
from loadtests.bench.runs import LOADS, Load, Row, Target, drive, measure
from loadtests.stack import Stack, own

FLOOR = ("relay", "serve haproxy", "ray")
OURS = ("replica", "serve haproxy", "ray", "valkey")
CLAUDE, GEMINI = "claude-3.5-sonnet", "gemini-2.0-pro"
"""Asked through OpenAI's surface: every frame is translated."""

WARM_UP = Load("warm-up", {}, True, 300, 16)


Beside = Callable[[str, Console], list[Row]]
"""Measures others, given the upstream's URL and where to tell of it."""


def nobody(upstream: str, console: Console) -> list[Row]:
    """Nobody is measured beside Headrace."""
    del upstream, console
    return []


def run(output: Path, beside: Beside, console: Console) -> None:
    """Prints one table of all rows and writes them to `output`."""
    with own(HEADRACE_REPLICAS_MAX="1") as stack:
        instance = stack.instance()
        console.print(f"measuring on {stack.url} …")
        asyncio.run(booking.unlimit(instance["environment"]["DATABASE_URL"]))
        targets = _targets(stack, instance)
        accounts = Accounts(_supervisor(stack), stack.folder)
        for target in targets:
            drive(target, WARM_UP)
        rows, posted = _measure(targets, accounts, instance["environment"], console)
        rows += beside(instance["environment"]["OPENAI_BASE_URL"], console)
        console.print(stack.command("audit").splitlines()[-1])
    table.show(rows, posted, console)
    output.write_text(json.dumps(table.as_json(rows, posted), indent=2) + "\n")
    console.print(f"written to {output}")


def _targets(stack: Stack, instance: dict[str, Any]) -> list[Target]:
    """The floor is one more application in the same Serve, behind the same HAProxy."""
    environment, serve_port = instance["environment"], instance["ports"]["serve"]
    _deploy_floor(environment)
    [token] = people.make(stack, 1)
    time.sleep(2)
    plane = f"http://127.0.0.1:{serve_port}"
    return [
        Target("floor", f"{plane}/relay", "none", FLOOR),
        Target("headrace", f"{plane}/v1/chat/completions", token, OURS),
        Target("headrace, from Claude", f"{plane}/v1/chat/completions", token, OURS, CLAUDE),
        Target("headrace, from Gemini", f"{plane}/v1/chat/completions", token, OURS, GEMINI),
        Target("headrace + edge", f"{stack.url}/v1/chat/completions", token, (*OURS, "edge")),
    ]


def _deploy_floor(environment: dict[str, Any]) -> None:
    """By a process of its own: Ray reads these variables when it is imported."""
    upstream = f"{environment['OPENAI_BASE_URL']}/chat/completions"
    command = [sys.executable, "-m", "loadtests.bench.relay", environment["RAY_ADDRESS"], upstream]
    told = {
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_SERVE_ENABLE_HA_PROXY": "1",
        "RAY_SERVE_THROUGHPUT_OPTIMIZED": "1",
    }
    subprocess.run(command, env=os.environ | told, check=True, capture_output=True, timeout=120)


def _measure(
    targets: list[Target], accounts: Accounts, environment: dict[str, Any], console: Console
) -> tuple[list[Row], dict[str, float]]:
    """Every load on every target; the events of the first load on ours are followed home."""
    rows: list[Row] = []
    per_event: dict[str, float] = {}
    for load in LOADS:
        for target in targets:
            posted = asyncio.run(booking.until_booked(environment))
            before = accounts.look()
            row = measure(target, load, accounts)
            rows.append(row)
            console.print(f"  {load.name}, {target.name}: {row.cpu_us:,.0f} µs")
            if target.name == "headrace" and not per_event:
                events = asyncio.run(booking.until_booked(environment)) - posted
                per_event = booking.per_event(accounts, before, events)
    return rows, per_event


def _supervisor(stack: Stack) -> int:
    """The process that `headrace up` runs in."""
    noted = json.loads((stack.folder / "supervisor.json").read_text())
    return int(noted["pid"])
