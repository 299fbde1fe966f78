"""Sends damaged requests, a few at a time, and collects what is wrong with the responses."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from tests.support.fuzz import client, verdicts
from tests.support.fuzz.mutations import Damaged

AT_ONCE = 8
FINDINGS_MAX = 400


@dataclass
class Report:
    """`statuses` counts responses; each finding names the request and the fault."""

    statuses: Counter[int] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(self.statuses.values())


async def run(
    host: str,
    port: int,
    requests: Iterable[Damaged],
    token: Callable[[], Awaitable[str]],
    *,
    seconds: float = float("inf"),
) -> Report:
    """Sends the requests until there are no more or the time is over."""
    report, queue, ends = Report(), iter(requests), time.monotonic() + seconds

    async def worker() -> None:
        for request in queue:
            if time.monotonic() > ends or len(report.findings) >= FINDINGS_MAX:
                return
            await _one(host, port, request, await token(), report)

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return report


async def _one(host: str, port: int, request: Damaged, token: str, report: Report) -> None:
    where = f"{request.case.method} {request.case.path} {request.what}"
    try:
        response = await client.send(host, port, request, token)
    except TimeoutError:
        report.findings.append(f"{where}: no response in {client.TIMEOUT_S} s")
        return
    report.statuses[response.status] += 1
    wrong = verdicts.fault(request, response)
    if wrong is not None:
        report.findings.append(f"{where}: {wrong}: {response.body[:160]!r}")


def forever(requests: list[Damaged]) -> Iterable[Damaged]:
    """The same requests over and over, for a run that is bounded by time."""
    return itertools.cycle(requests)


def renewed(sign_in: Callable[[], str], every: int) -> Callable[[], Awaitable[str]]:
    """Tokens for `run`: one is used for so many requests, since requests may end its session."""
    token, used, lock = "", 0, asyncio.Lock()

    async def current() -> str:
        nonlocal token, used
        async with lock:
            if used % every == 0:
                token = await asyncio.to_thread(sign_in)
            used += 1
            return token

    return current
