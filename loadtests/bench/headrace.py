"""An empty Serve relay and Headrace, measured side by side on one fresh instance.

Measured at the inference plane's own port, so that both sides of a ratio pass through one
HAProxy; the edge has a row of its own. Peers use the same simulated provider.
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

from loadtests import accounts
from loadtests.bench import posting, table
from loadtests.bench.process_cpu import ProcessCpu
from loadtests.bench.runs import LOADS, Load, Row, Target, drive, measure
from loadtests.stack import Stack, fresh

FLOOR = ("relay", "serve haproxy", "ray")
OURS = ("replica", "serve haproxy", "ray", "valkey")
CLAUDE, GEMINI = "claude-3.5-sonnet", "gemini-2.0-pro"
"""Called through OpenAI's surface: every frame is translated."""

WARM_UP = Load("warm-up", {}, True, 300, 16)


Peers = Callable[[str, Console], list[Row]]
"""Measures other gateways, given the upstream's URL and a console for progress."""


def no_peers(upstream: str, console: Console) -> list[Row]:
    """Measures Headrace alone."""
    del upstream, console
    return []


def run(output: Path, measure_peers: Peers, console: Console) -> None:
    """Prints one table of all rows and writes them to `output`."""
    with fresh(HEADRACE_REPLICAS_MAX="1") as stack:
        instance = stack.instance()
        console.print(f"measuring on {stack.url} …")
        asyncio.run(posting.remove_limits(instance["environment"]["DATABASE_URL"]))
        targets = _targets(stack, instance)
        process_cpu = ProcessCpu(_supervisor(stack), stack.folder)
        for target in targets:
            drive(target, WARM_UP)
        rows, posted = _measure(targets, process_cpu, instance["environment"], console)
        rows += measure_peers(instance["environment"]["OPENAI_BASE_URL"], console)
        console.print(stack.command("audit").splitlines()[-1])
    table.show(rows, posted, console)
    output.write_text(json.dumps(table.as_json(rows, posted), indent=2) + "\n")
    console.print(f"written to {output}")


def _targets(stack: Stack, instance: dict[str, Any]) -> list[Target]:
    """The floor is one more application in the same Serve, behind the same HAProxy."""
    environment, serve_port = instance["environment"], instance["ports"]["serve"]
    _deploy_floor(environment)
    [token] = accounts.create(stack, 1)
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
    variables = {
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_SERVE_ENABLE_HA_PROXY": "1",
        "RAY_SERVE_THROUGHPUT_OPTIMIZED": "1",
    }
    subprocess.run(
        command, env=os.environ | variables, check=True, capture_output=True, timeout=120
    )


def _measure(
    targets: list[Target], process_cpu: ProcessCpu, environment: dict[str, Any], console: Console
) -> tuple[list[Row], dict[str, float]]:
    """Every load on every target. The first on Headrace also gives the cost per usage event."""
    rows: list[Row] = []
    per_event: dict[str, float] = {}
    for load in LOADS:
        for target in targets:
            posted = asyncio.run(posting.wait_until_posted(environment))
            before = process_cpu.sample()
            row = measure(target, load, process_cpu)
            rows.append(row)
            console.print(f"  {load.name}, {target.name}: {row.cpu_us:,.0f} µs")
            if target.name == "headrace" and not per_event:
                events = asyncio.run(posting.wait_until_posted(environment)) - posted
                per_event = posting.per_event(process_cpu, before, events)
    return rows, per_event


def _supervisor(stack: Stack) -> int:
    """The process that `headrace up` runs in."""
    recorded = json.loads((stack.folder / "supervisor.json").read_text())
    return int(recorded["pid"])
