"""The rows of the benchmark: what is sent, how much of it, and what it cost."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from loadtests.bench.process_cpu import ProcessCpu, between

FRAMES = 20
"""Content frames of one answer; with role, finish, usage and `[DONE]` 24 go over the wire."""


@dataclass(frozen=True)
class Target:
    """Where to send, and which groups of processes serve it."""

    name: str
    url: str
    token: str
    groups: tuple[str, ...]
    model: str = "gpt-5"


@dataclass(frozen=True)
class Load:
    """`per` says by what the CPU is divided: requests or frames."""

    name: str
    directive: dict[str, Any]
    streamed: bool
    requests: int
    at_once: int
    frames: int = 0

    def body(self, model: str) -> dict[str, Any]:
        content = f"hello\nsim: {json.dumps(self.directive)}"
        return {
            "model": model,
            "stream": self.streamed,
            "stream_options": {"include_usage": True} if self.streamed else None,
            "max_tokens": 200,
            "messages": [{"role": "user", "content": content}],
        }


LOADS = (
    Load("burst stream", {"frames": FRAMES}, True, 4_000, 32),
    Load("plain", {"frames": FRAMES}, False, 2_000, 32),
    Load("first token", {"frames": FRAMES}, True, 400, 2),
    Load(
        "trickled",
        {"frames": 100, "frame_delay_ms": 50},
        True,
        400,
        200,
        frames=100,
    ),
)


@dataclass(frozen=True)
class Row:
    """CPU in µs per request, or per frame where the load counts frames."""

    target: str
    load: str
    per_second: float
    cpu_us: float
    parts: dict[str, float]
    first_p50_ms: float
    first_p99_ms: float
    failed: int


def drive(target: Target, load: Load) -> dict[str, Any]:
    """Runs the generator in its own process. Raises RuntimeError when requests failed."""
    order = {
        "url": target.url,
        "token": target.token,
        "body": {k: v for k, v in load.body(target.model).items() if v is not None},
        "requests": load.requests,
        "at_once": load.at_once,
    }
    command = [sys.executable, "-m", "loadtests.bench.generator", json.dumps(order)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    if result["failed"]:
        raise RuntimeError(f"{target.name}, {load.name}: {result['failed']} × {result['failure']}")
    return result


def measure(target: Target, load: Load, process_cpu: ProcessCpu) -> Row:
    """Drives one load at one target."""
    before = process_cpu.sample()
    result = drive(target, load)
    used = between(before, process_cpu.sample())
    units = result["done"] * (load.frames or 1)
    parts = {name: used[name] * 1e6 / units for name in target.groups}
    return Row(
        target.name,
        load.name,
        result["done"] / result["seconds"],
        sum(parts.values()),
        parts,
        result["first_p50_ms"],
        result["first_p99_ms"],
        result["failed"],
    )
