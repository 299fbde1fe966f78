"""Sends one kind of request over many connections and measures the responses.

Runs as a process of its own (`python -m loadtests.bench.generator`), so that its CPU is
counted separately. Prints one JSON object.
"""

import asyncio
import json
import sys
import time
from typing import Any

import aiohttp
import uvloop


async def drive(order: dict[str, Any]) -> dict[str, Any]:
    """`order`: url, token, body, requests, at_once. Times in ms."""
    firsts: list[float] = []
    failures: list[str] = []
    left = order["requests"]
    headers = {"Authorization": f"Bearer {order['token']}", "Content-Type": "application/json"}
    body = json.dumps(order["body"]).encode()

    async def one(session: aiohttp.ClientSession) -> None:
        began = time.perf_counter()
        async with session.post(order["url"], data=body, headers=headers) as answer:
            if answer.status != 200:
                failures.append(f"{answer.status} {(await answer.text())[:160]}")
                return
            await answer.content.readany()
            firsts.append((time.perf_counter() - began) * 1000)
            while await answer.content.readany():
                pass

    async def worker(session: aiohttp.ClientSession) -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await one(session)

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        began = time.perf_counter()
        await asyncio.gather(*(worker(session) for _ in range(order["at_once"])))
        seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "done": len(firsts),
        "failed": len(failures),
        "failure": failures[0] if failures else None,
        "first_p50_ms": _percentile(firsts, 50),
        "first_p99_ms": _percentile(firsts, 99),
    }


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values) or [0.0]
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


if __name__ == "__main__":
    print(json.dumps(uvloop.run(drive(json.loads(sys.argv[1])))))
