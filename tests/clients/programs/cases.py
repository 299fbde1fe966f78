"""What every program of this folder does: read cases as JSON, do each, write what came out.

stdin has a list of cases. The last line of stdout is an object: the outcome of each case by its id,
or `{"error": {"name", "text"}}` with what the library raised. Cases run side by side. Only the
standard library is imported, because the programs run in environments of their own.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

AT_ONCE = 8
ABORT_S = 2.5
"""How long the process stays after it has left a stream that would take two seconds more."""

WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
FORECAST = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city", "days"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Case:
    """One cell. `image` is a PNG in base64, `url` the origin of Headrace."""

    id: str
    client: str
    task: str
    model: str
    text: str
    url: str
    key: str
    image: str

    @property
    def openai_url(self) -> str:
        return f"{self.url}/v1"

    @property
    def image_url(self) -> str:
        return f"data:image/png;base64,{self.image}"


Outcome = dict[str, Any]
Task = Callable[[Case], Awaitable[Outcome]]


def text(value: str) -> Outcome:
    return {"text": value}


def pieces(values: list[str]) -> Outcome:
    """What a stream brought, in order."""
    return {"text": "".join(values), "pieces": len([each for each in values if each])}


async def drained(values: AsyncIterator[str]) -> Outcome:
    return pieces([each async for each in values])


async def left(values: AsyncIterator[str]) -> Outcome:
    """Leave the stream at its first text, and stay long enough for its end to come."""
    first = await anext(each async for each in values if each)
    close = getattr(values, "aclose", None)
    if close is not None:
        await close()
    await asyncio.sleep(ABORT_S)
    return text(first)


def left_now(values: Iterator[str]) -> str:
    """The same for a generator that blocks: its first text, and it is closed."""
    first = next(each for each in values if each)
    close = getattr(values, "close", None)
    if close is not None:
        close()
    return first


async def threaded(work: Callable[[], Outcome]) -> Outcome:
    """For a library without asyncio."""
    return await asyncio.to_thread(work)


async def aborted(work: Callable[[], str]) -> Outcome:
    """For a library without asyncio: `work` leaves a stream and returns its first text."""
    first = await asyncio.to_thread(work)
    await asyncio.sleep(ABORT_S)
    return text(first)


def main(tasks: Mapping[str, Task]) -> None:
    """Run the cases of stdin; the case `error` is the task `plain`, whose answer is an error."""
    found = json.load(sys.stdin)
    output, sys.stdout = sys.stdout, sys.stderr
    outcomes = asyncio.run(_all([Case(**each) for each in found], tasks))
    print(json.dumps(outcomes), file=output, flush=True)
    os._exit(0)  # some libraries keep threads


async def _all(cases: list[Case], tasks: Mapping[str, Task]) -> dict[str, Outcome]:
    room = asyncio.Semaphore(AT_ONCE)

    async def one(case: Case) -> Outcome:
        task = tasks["plain" if case.task == "error" else case.task]
        async with room, asyncio.timeout(60):
            return await task(case)

    results = await asyncio.gather(*map(one, cases), return_exceptions=True)
    return {
        case.id: _failed(result) if isinstance(result, BaseException) else result
        for case, result in zip(cases, results, strict=True)
    }


def _failed(error: BaseException) -> Outcome:
    texts = [str(error)]
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
        texts.append(str(error))
    return {"error": {"name": type(error).__name__, "text": " | ".join(texts)[:2000]}}
