"""The received requests, for tests: `GET /sim/requests?last=n`; `&answers=1` adds what was sent.

A test can check what a translator sent, and that a disconnect reached the provider. Keys are never
kept.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from aiohttp import web

SIZE_MAX = 200
BODY_MAX = 256 * 1024
SECRET_HEADERS = {"authorization", "x-api-key", "x-goog-api-key", "cookie"}

Outcome = Literal["open", "answered", "left", "cut"]


@dataclass(slots=True)
class Entry:
    """One request. `frames` counts the frames written; outcome `left`: the client disconnected."""

    number: int
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes = b""
    status: int = 0
    frames: int = 0
    outcome: Outcome = "open"
    sent: bytes = b""

    def keep(self, frame: bytes) -> None:
        """Notes a frame that was written, as long as there are not too many."""
        self.frames += 1
        if len(self.sent) <= BODY_MAX:
            self.sent += frame

    def shown(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": self.headers,
            "body": _decoded(self.raw),
            "status": self.status,
            "frames": self.frames,
            "outcome": self.outcome,
        }


@dataclass(slots=True)
class Journal:
    """The last requests, oldest first, and how often each flaky one has failed."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=SIZE_MAX))
    number: int = 0
    failures: dict[tuple[str, str], int] = field(default_factory=dict)

    def open(self, request: web.Request) -> Entry:
        self.number += 1
        headers = {k: v for k, v in request.headers.items() if k.lower() not in SECRET_HEADERS}
        query = {k: v for k, v in request.query.items() if k != "key"}
        entry = Entry(self.number, request.method, request.path, query, headers)
        self.entries.append(entry)
        return entry

    def fails_again(self, key: tuple[str, str], times: int) -> bool:
        """Whether a request that must fail `times` times fails this time."""
        failed = self.failures.get(key, 0)
        self.failures[key] = failed + 1
        return failed < times


JOURNAL = web.AppKey("JOURNAL", Journal)
ENTRY = web.RequestKey("ENTRY", Entry)


async def show(request: web.Request) -> web.Response:
    """The last `last` requests, newest last."""
    last = int(request.query.get("last", SIZE_MAX))
    entries = list(request.app[JOURNAL].entries)[-last:]
    found = [entry.shown() for entry in entries]
    if "answers" in request.query:
        for shown, entry in zip(found, entries, strict=True):
            shown["answer"] = entry.sent.decode(errors="replace")
    return web.json_response({"requests": found})


def _decoded(raw: bytes) -> Any:
    if not raw:
        return None
    if len(raw) > BODY_MAX:
        return f"{len(raw)} bytes"
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return raw.decode(errors="replace")
