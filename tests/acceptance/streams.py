"""Streams through a running product, read by OpenAI's SDK; what may happen to its replicas."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import openai
import psutil
from openai import AsyncOpenAI

from tests.acceptance.product import BACK_S, Product, wait_until

REPLICA = "ray::ServeReplica:inference:"


@asynccontextmanager
async def client(product: Product, email: str) -> AsyncIterator[AsyncOpenAI]:
    """Signed in, through the edge, without retries."""
    url = f"http://127.0.0.1:{product.port}/v1"
    async with AsyncOpenAI(
        base_url=url, api_key=product.token(email), max_retries=0, timeout=300
    ) as sdk:
        yield sdk


def requesting(directive: dict[str, Any] | None = None) -> dict[str, Any]:
    line = f"\nsim: {json.dumps(directive)}" if directive else ""
    return {"model": "gpt-5", "messages": [{"role": "user", "content": f"hello{line}"}]}


async def outcome(sdk: AsyncOpenAI, streamed: bool, directive: dict[str, Any] | None = None) -> str:
    """`ok` for a whole answer, else the code of the refusal, else `broken`."""
    try:
        if not streamed:
            await sdk.chat.completions.create(**requesting(directive))
            return "ok"
        answer = await sdk.chat.completions.create(**requesting(directive), stream=True)
        chunks = [chunk async for chunk in answer]
    except openai.APIStatusError as refused:
        return str(refused.code)
    except openai.APIError as broken:
        return str(broken.code or "broken")
    return "ok" if chunks and chunks[-1].usage else "broken"


def replicas(product: Product) -> list[psutil.Process]:
    """The replicas of this product that live now."""
    found = []
    for process in psutil.process_iter():
        try:
            if _is_replica(process, product.environment["HEADRACE_STATE"]):
                found.append(process)
        except psutil.Error:
            continue
    return found


def _is_replica(process: psutil.Process, state: str) -> bool:
    name = next(iter(process.cmdline()), "")
    return name.startswith(REPLICA) and process.environ().get("HEADRACE_STATE") == state


def kill_replica(product: Product) -> None:
    """SIGKILL every replica, and wait for a new one that answers."""
    before = replicas(product)
    for process in before:
        os.kill(process.pid, signal.SIGKILL)
    dead = {process.pid for process in before}
    wait_until(lambda: bool({p.pid for p in replicas(product)} - dead), BACK_S, str)


async def until_answers(sdk: AsyncOpenAI) -> None:
    """Waits until completions work again."""
    for _ in range(BACK_S * 2):
        if await outcome(sdk, streamed=True) == "ok":
            return
        await asyncio.sleep(0.5)
    raise AssertionError("completions did not come back")


async def until_clean(product: Product) -> dict[str, Any]:
    """Waits until the audit is green and nothing is held or on its way; its report."""
    report: dict[str, Any] = {}
    for _ in range(60):
        audit = await asyncio.to_thread(product.command, "audit", "--json")
        report = json.loads(audit.stdout)
        if audit.returncode == 0 and not report["held"] and not report["pending"]:
            return report
        await asyncio.sleep(1)
    raise AssertionError(report)
