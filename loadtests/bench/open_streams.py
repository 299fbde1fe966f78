"""`python -m loadtests.bench.open_streams`: thousands of slow streams on one replica.

Opens them over half a minute, keeps them open for another at one frame a second, and reports the
memory per stream and how late frames arrived. Prints a line and writes `bench-streams.json`.
"""

import argparse
import asyncio
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import uvloop
from rich.console import Console

from loadtests import accounts
from loadtests.bench import posting
from loadtests.stack import fresh

OUTPUT = Path("bench-streams.json")
STREAMS = 5_000
FRAME_S = 1.0
RAMP_S, PLATEAU_S = 30, 30
REPLICA = "ray::ServeReplica:inference:"


@dataclass
class Figures:
    """Memory in KiB, times in seconds; lateness is measured while all are open."""

    streams: int
    failed: int = 0
    failure: str = ""
    replica_before_kib: int = 0
    replica_open_kib: int = 0
    per_stream_kib: float = 0
    gap_p50_s: float = 0
    gap_p99_s: float = 0
    gap_max_s: float = 0


async def drive(url: str, token: str, figures: Figures) -> Figures:
    """Opens the streams, watches them, closes them."""
    figures.replica_before_kib = _replica_kib()
    gaps: list[float] = []
    plateau_at = time.monotonic() + RAMP_S
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def one(number: int) -> None:
            await asyncio.sleep(RAMP_S * number / figures.streams)
            body, last = _body(), 0.0
            headers = {"Authorization": f"Bearer {token}"}
            async with session.post(url, json=body, headers=headers) as response:
                if response.status != 200:
                    figures.failed += 1
                    figures.failure = f"{response.status} {(await response.text())[:160]}"
                    return
                while await response.content.readany():
                    now = time.monotonic()
                    if last and now > plateau_at:
                        gaps.append(now - last)
                    last = now
                    if now > plateau_at + PLATEAU_S:
                        return

        work = asyncio.gather(*(one(number) for number in range(figures.streams)))
        await asyncio.sleep(RAMP_S + PLATEAU_S / 2)
        figures.replica_open_kib = _replica_kib()
        await work
    grown = figures.replica_open_kib - figures.replica_before_kib
    figures.per_stream_kib = grown / figures.streams
    ordered = sorted(gaps) or [0.0]
    figures.gap_p50_s = ordered[len(ordered) // 2]
    figures.gap_p99_s = ordered[len(ordered) * 99 // 100]
    figures.gap_max_s = ordered[-1]
    return figures


def _body() -> dict[str, Any]:
    directive = {"frames": 2 * (RAMP_S + PLATEAU_S), "frame_delay_ms": round(FRAME_S * 1000)}
    content = f"hello\nsim: {json.dumps(directive)}"
    message = {"role": "user", "content": content}
    return {"model": "gpt-5", "stream": True, "max_tokens": 200, "messages": [message]}


def _replica_kib() -> int:
    """The one replica's own memory."""
    for process in psutil.process_iter():
        try:
            if " ".join(process.cmdline()).startswith(REPLICA):
                return int(process.memory_info().rss // 1024)
        except psutil.Error:
            continue
    raise RuntimeError("no replica was found")


def run(streams: int, console: Console) -> None:
    """On an instance of its own, whose books are audited at the end."""
    figures = Figures(streams)
    with fresh(HEADRACE_REPLICAS_MAX="1", HEADRACE_PROVIDER_STREAMS_MAX="20000") as stack:
        instance = stack.instance()
        asyncio.run(posting.remove_limits(instance["environment"]["DATABASE_URL"]))
        [token] = accounts.create(stack, 1)
        time.sleep(2)
        url = f"http://127.0.0.1:{instance['ports']['serve']}/v1/chat/completions"
        console.print(f"opening {figures.streams} streams on {url} …")
        uvloop.run(drive(url, token, figures))
        console.print(stack.command("audit").splitlines()[-1])
    console.print(
        f"{figures.streams} streams, {figures.failed} failed {figures.failure}, "
        f"{figures.per_stream_kib:.1f} KiB each; "
        f"a frame every second came after {figures.gap_p50_s:.2f} s p50, "
        f"{figures.gap_p99_s:.2f} s p99, {figures.gap_max_s:.2f} s at most"
    )
    OUTPUT.write_text(json.dumps(asdict(figures), indent=2) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=STREAMS)
    run(parser.parse_args().streams, Console())
