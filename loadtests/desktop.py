"""Locust users who stream as the desktop app does: they ask, read as it comes, think, ask again.

    locust -f loadtests/desktop.py --host http://localhost:3000

Tokens come from HEADRACE_LOAD_TOKENS, comma-separated. Beside locust's own figures there are three
of ours: the time to the first token, the longest gap between two tokens, and whether every stream
was complete: a usage frame with the credits used, then `[DONE]`.
"""

import itertools
import json
import os
import random
import time
from collections.abc import Iterator
from typing import Any

from locust import HttpUser, between, task

TOKENS = [token for token in os.environ.get("HEADRACE_LOAD_TOKENS", "").split(",") if token]
_turn = itertools.cycle(TOKENS or [""])
QUESTIONS = (
    {"frames": 20, "frame_delay_ms": 20},
    {"frames": 60, "frame_delay_ms": 25, "first_delay_ms": 200},
    {"frames": 200, "frame_delay_ms": 10, "first_delay_ms": 400},
)


class Desktop(HttpUser):
    """One open window of the app."""

    wait_time = between(0.5, 3)

    def on_start(self) -> None:
        self._headers = {"Authorization": f"Bearer {next(_turn)}"}

    @task(8)
    def ask_and_read(self) -> None:
        self._stream(leave_after=None)

    @task(1)
    def ask_and_leave(self) -> None:
        """A user who presses stop."""
        self._stream(leave_after=random.randint(1, 15))

    @task(1)
    def look_at_credits(self) -> None:
        self.client.get("/v1/credits/me", headers=self._headers)

    def _stream(self, leave_after: int | None) -> None:
        directive = json.dumps(random.choice(QUESTIONS))
        message = {"role": "user", "content": f"Tell me something.\nsim: {directive}"}
        body = {"model": "gpt-5", "stream": True, "messages": [message]}
        began = time.perf_counter()
        with self.client.post(
            "/v1/chat/completions",
            json=body,
            headers=self._headers,
            stream=True,
            catch_response=True,
            name="stream",
        ) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code}: {answer.text[:200]}")
                return
            reading = Reading(began)
            for payload in _payloads(answer):
                reading.saw(payload)
                if leave_after is not None and reading.frames >= leave_after:
                    break
            self._tell(answer, reading, left=leave_after is not None)

    def _tell(self, answer: Any, reading: "Reading", *, left: bool) -> None:
        if not left and not reading.complete:
            answer.failure("the stream ended without usage and [DONE]")
        self._figure("time to first token", reading.first_s)
        self._figure("longest gap between tokens", reading.gap_s)

    def _figure(self, name: str, seconds: float | None) -> None:
        if seconds is not None:
            self.environment.events.request.fire(
                request_type="FIGURE",
                name=name,
                response_time=seconds * 1000,
                response_length=0,
                exception=None,
                context={},
            )


class Reading:
    """What a reader notices of one stream."""

    def __init__(self, began: float) -> None:
        self._began = self._last = began
        self.frames, self.complete, self._told = 0, False, False
        self.first_s: float | None = None
        self.gap_s: float | None = None

    def saw(self, payload: bytes) -> None:
        now = time.perf_counter()
        if payload == b"[DONE]":
            self.complete = self._told
            return
        self._told = self._told or b'"credits_used"' in payload
        if self.first_s is None:
            self.first_s = now - self._began
        else:
            self.gap_s = max(self.gap_s or 0.0, now - self._last)
        self._last, self.frames = now, self.frames + 1


def _payloads(answer: Any) -> Iterator[bytes]:
    for line in answer.iter_lines():
        if line.startswith(b"data: "):
            yield line[6:]
