"""Locust users who behave like the desktop app: send a prompt, read the stream, pause, repeat.

    locust -f loadtests/desktop.py --host http://localhost:3000

Tokens come from HEADRACE_LOAD_TOKENS, comma-separated. In addition to locust's figures
there are the time to the first token, the longest gap between two tokens, and whether every stream
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
    """One window of the app."""

    wait_time = between(0.5, 3)

    def on_start(self) -> None:
        self._headers = {"Authorization": f"Bearer {next(_turn)}"}

    @task(8)
    def stream_to_the_end(self) -> None:
        self._stream(stop_after=None)

    @task(1)
    def stream_and_stop(self) -> None:
        """A user who presses Stop."""
        self._stream(stop_after=random.randint(1, 15))

    @task(1)
    def check_credits(self) -> None:
        self.client.get("/v1/credits/me", headers=self._headers)

    def _stream(self, stop_after: int | None) -> None:
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
        ) as response:
            if response.status_code != 200:
                response.failure(f"{response.status_code}: {response.text[:200]}")
                return
            reading = Reading(began)
            for payload in _payloads(response):
                reading.record(payload)
                if stop_after is not None and reading.frames >= stop_after:
                    break
            self._record(response, reading, stopped=stop_after is not None)

    def _record(self, response: Any, reading: "Reading", *, stopped: bool) -> None:
        if not stopped and not reading.complete:
            response.failure("the stream ended without usage and [DONE]")
        self._measurement("time to first token", reading.first_s)
        self._measurement("longest gap between tokens", reading.gap_s)

    def _measurement(self, name: str, seconds: float | None) -> None:
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
    """Measurements of one stream."""

    def __init__(self, began: float) -> None:
        self._began = self._last_at = began
        self.frames, self.complete, self._has_usage = 0, False, False
        self.first_s: float | None = None
        self.gap_s: float | None = None

    def record(self, payload: bytes) -> None:
        now = time.perf_counter()
        if payload == b"[DONE]":
            self.complete = self._has_usage
            return
        self._has_usage = self._has_usage or b'"credits_used"' in payload
        if self.first_s is None:
            self.first_s = now - self._began
        else:
            self.gap_s = max(self.gap_s or 0.0, now - self._last_at)
        self._last_at, self.frames = now, self.frames + 1


def _payloads(response: Any) -> Iterator[bytes]:
    for line in response.iter_lines():
        if line.startswith(b"data: "):
            yield line[6:]
