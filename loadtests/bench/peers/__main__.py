"""`make bench-peers`: other gateways, measured in the same run as Headrace.

LiteLLM and TensorZero are installed into scratch environments below `.bench/`, each of a version
named here, and started on loopback without accounting; Headrace accounts for
everything. All use the simulated provider of Headrace's instance and appear in one table with it
and the empty relay. CPU is that of a peer's own processes.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
from rich.console import Console

from loadtests.bench import headrace
from loadtests.bench.runs import LOADS, Load, Row, Target, drive
from loadtests.stack import free_port

LOOPBACK = "127.0.0.1"
SCRATCH = Path(".bench")
OUTPUT = Path("bench-peers.json")
VERSIONS = {"litellm": "litellm[proxy]==1.106.2", "tensorzero": "tensorzero==2026.6.0"}
MASTER_KEY = "sk-" + "0123456789abcdef" * 3
START_S = 120
_FOLDER = Path(__file__).parent
_ADDRESS = (SCRATCH / "tensorzero.address").absolute()
REQUEST_DIVISOR = {"litellm": 20}
"""A slow peer gets fewer requests, so that the run ends in reasonable time."""


@dataclass(frozen=True)
class Peer:
    """How one is started, and by which name it knows the model."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    url: str
    health: str
    model: str


def measure(upstream: str, console: Console) -> list[Row]:
    """Every load on every peer, one peer at a time."""
    SCRATCH.mkdir(exist_ok=True)
    rows: list[Row] = []
    for name, version in VERSIONS.items():
        console.print(f"installing {version} …")
        peer = _peer(name, _installed(name, version), upstream)
        console.print(f"measuring {name} …")
        with _running(peer) as process:
            known = peer if peer.url else _addressed(peer)
            _until_up(known.health)
            rows += _measure(known, process, console)
    return rows


def _installed(name: str, version: str) -> str:
    """The Python of an environment that holds this peer and nothing else."""
    python = SCRATCH / name / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", SCRATCH / name], check=True)
        uv = Path(sys.executable).parent / "uv"
        wanted = [str(uv), "pip", "install", "-q", "--python", str(python), version]
        subprocess.run(wanted, check=True)
    return str(python.absolute())


def _peer(name: str, python: str, upstream: str) -> Peer:
    port = free_port()
    text = (_FOLDER / f"{name}.config").read_text()
    config = SCRATCH / f"{name}.config.{'toml' if name == 'tensorzero' else 'yaml'}"
    config.write_text(text.replace("UPSTREAM", upstream).replace("PORT", str(port)))
    root, path = f"http://{LOOPBACK}:{port}", str(config.absolute())
    if name == "tensorzero":
        _ADDRESS.unlink(missing_ok=True)
        command = (python, str(_FOLDER / "start_tensorzero.py"), path, str(_ADDRESS))
        key = {"BENCH_KEY": "bench"}
        return Peer(name, command, key, "", "", "tensorzero::model_name::bench")
    variables = {
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MODE": "PRODUCTION",
        "LITELLM_MASTER_KEY": MASTER_KEY,
    }
    program = str(Path(python).parent / "litellm")
    started = (program, "--config", path, "--host", LOOPBACK, "--port", str(port))
    url = f"{root}/v1/chat/completions"
    return Peer(name, started, variables, url, f"{root}/health/liveliness", "bench")


def _addressed(peer: Peer) -> Peer:
    """TensorZero writes its address to a file once it has one."""
    deadline = time.monotonic() + START_S
    while not _ADDRESS.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{peer.name} did not start")
        time.sleep(0.2)
    root = _ADDRESS.read_text().rstrip("/")
    return replace(peer, url=f"{root}/chat/completions", health=f"{root}/health")


@contextmanager
def _running(peer: Peer) -> Iterator[psutil.Process]:
    log = (SCRATCH / f"{peer.name}.log").open("wb")
    environment = {**os.environ, **peer.environment}
    started = subprocess.Popen(peer.command, env=environment, stdout=log, stderr=log)
    process = psutil.Process(started.pid)
    try:
        yield process
    finally:
        for each in [*process.children(recursive=True), process]:
            each.terminate()
        started.wait(30)


def _until_up(health: str) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(health, timeout=2):  # noqa: S310 - loopback
                return
        except urllib.error.HTTPError:
            return  # any HTTP response means that it runs
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _measure(peer: Peer, process: psutil.Process, console: Console) -> list[Row]:
    target = Target(peer.name, peer.url, MASTER_KEY, (peer.name,), peer.model)
    drive(target, Load("warm-up", {}, True, 40, 8))
    rows = []
    for load in LOADS:
        divisor = REQUEST_DIVISOR.get(peer.name, 1)
        own = Load(
            load.name,
            load.directive,
            load.streamed,
            max(40, load.requests // divisor),
            load.at_once,
            load.frames,
        )
        before = _cpu_s(process)
        result = drive(target, own)
        units = result["done"] * (own.frames or 1)
        used = (_cpu_s(process) - before) * 1e6 / units
        console.print(f"  {own.name}: {used:,.0f} µs")
        firsts = (result["first_p50_ms"], result["first_p99_ms"])
        per_second = result["done"] / result["seconds"]
        rows.append(Row(peer.name, own.name, per_second, used, {}, *firsts, result["failed"]))
    return rows


def _cpu_s(process: psutil.Process) -> float:
    every = [process, *process.children(recursive=True)]
    return sum(each.cpu_times().user + each.cpu_times().system for each in every)


if __name__ == "__main__":
    headrace.run(OUTPUT, measure, Console())
