"""One request on its way through the steps: what each has found out, for those that follow."""

import hashlib
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from inference_plane.core.meter import Meter
from inference_plane.core.prompt import Prompt
from inference_plane.core.request import Request
from inference_plane.core.transitions import Stage, advance
from inference_plane.core.writer import Envelope, Writer
from inference_plane.runtime.replays import Recorder
from inference_plane.runtime.upstream_stream import Incoming
from inference_plane.surfaces.surface import Surface
from shared.auth.principal import Principal
from shared.catalogue import Model, Route
from shared.ledger import Reservation, ReserveRequest, Settlement

T = TypeVar("T")
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def _nowhere(message: MutableMapping[str, Any]) -> None:
    """Where an answer goes whose caller has left."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """The caller's idempotency key, what it asked, and the last event it has seen, if any."""

    key: str = field(repr=False)
    fingerprint: str
    last_event: int = 0

    def filled(self, body: bytes) -> "Repeat":
        """What is asked once preferences have filled it: with others it is another request, whose
        kept answer may have another form.
        """
        whole = hashlib.sha256(self.fingerprint.encode() + body).hexdigest()
        return replace(self, fingerprint=whole)


@dataclass(slots=True, eq=False)
class Exchange:
    """Filled from top to bottom by the steps. Times are `time.perf_counter` seconds."""

    id: str
    request_id: str
    credential: str
    surface: Surface
    request: Request
    send: Send
    started_at_ms: int
    repeat: Repeat | None = None
    began: float = field(default_factory=time.perf_counter)
    stage: Stage = Stage.ARRIVED
    status: str = "failed"

    principal: Principal | None = None
    model: Model | None = None
    routes: list[Route] = field(default_factory=list)
    route: Route | None = None
    prompt: Prompt | None = None
    meter: Meter | None = None
    ask: ReserveRequest | None = None
    reservation: Reservation | None = None
    output_limit: int | None = None
    envelope: Envelope | None = None
    writer: Writer | None = None
    incoming: Incoming | None = None
    settlement: Settlement | None = None

    recorder: Recorder | None = None
    answered: bool = False
    outliving: bool = False
    headers_sent: bool = False
    unsent: bytes = b""
    first_byte_s: float | None = None
    last_byte_at: float = 0.0
    tool_called: bool = False
    frames: int = 0
    attempts: int = 0

    def advance(self, to: Stage) -> None:
        self.stage = advance(self.stage, to)

    def close_record(self) -> None:
        """Once all has been said. Where nothing was charged, the idempotency key is free again."""
        if self.recorder is not None:
            self.recorder.finish("done" if self.stage is Stage.SETTLED else "forgotten")

    def leave(self) -> None:
        """The caller has gone: what is still said, is said to nobody."""
        self.send = _nowhere

    def elapsed_ms(self) -> int:
        return round((time.perf_counter() - self.began) * 1000)

    @property
    def delivered(self) -> bool:
        """Whether any of the answer has come, so that something is owed."""
        return self.frames > 0


def given(value: T | None) -> T:
    """A field that an earlier step has filled."""
    if value is None:
        raise RuntimeError("a step ran before the one it depends on")
    return value
