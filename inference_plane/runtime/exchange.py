"""One request on its way through the steps: what each step found out, for those that follow."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog

from inference_plane.core import events
from inference_plane.core.embedding import EmbeddingInput
from inference_plane.core.meter import Meter
from inference_plane.core.prompt import Prompt
from inference_plane.core.reference import Reference
from inference_plane.core.request import UNREAD, Request
from inference_plane.core.transitions import Stage, advance
from inference_plane.core.writer import Envelope, Writer
from inference_plane.runtime.incoming import Idempotency, Incoming
from inference_plane.runtime.replays import Recording
from inference_plane.runtime.upstream_stream import Frame, UpstreamStream
from inference_plane.surfaces.surface import Surface
from shared.auth.principal import Principal
from shared.catalogue import Model, Route
from shared.errors import UpstreamError
from shared.ledger_records import Reservation, ReserveRequest, Settlement

T = TypeVar("T")
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
"""ASGI's `send`."""

_NOTED = (events.Failed, events.Kept, events.ToolCalled)

_log = structlog.get_logger("exchange")


async def _discard(message: MutableMapping[str, Any]) -> None:
    """The `send` of a caller who has disconnected."""


@dataclass(slots=True, eq=False)
class Exchange:
    """Filled from top to bottom by the steps. Names in `_s` are `time.perf_counter` seconds.

    `id` is ours, for the ledger; `request_id` is what the caller and the logs see. `output_limit`
    is in tokens per choice, set where the model or the credits allow less than the request asks
    for. `ignored` are the caller's fields that its answer does without. `references`
    are the provider's ids that the request names, `kept` what the provider keeps of the answer,
    `provider_key` the name of the key that they belong to. `content_frames` counts frames of the
    answer itself; `unsent` is what waits to be sent; `ended`: the end of the answer has been
    recorded and was being sent.
    """

    id: str
    request_id: str
    credential: str
    surface: Surface
    incoming: Incoming
    send: Send
    started_at_ms: int
    started_s: float = field(default_factory=time.perf_counter)
    stage: Stage = Stage.ARRIVED
    status: str = "failed"

    principal: Principal | None = None
    request: Request = UNREAD
    idempotency: Idempotency | None = None
    model: Model | None = None
    routes: list[Route] = field(default_factory=list)
    route: Route | None = None
    prompt: Prompt | None = None
    embedding: EmbeddingInput | None = None
    meter: Meter | None = None
    reserve_request: ReserveRequest | None = None
    reservation: Reservation | None = None
    output_limit: int | None = None
    ignored: tuple[str, ...] = ()
    envelope: Envelope | None = None
    writer: Writer | None = None
    upstream: UpstreamStream | None = None
    references: list[Reference] = field(default_factory=list)
    kept: list[events.Kept] = field(default_factory=list)
    provider_key: str = ""
    settlement: Settlement | None = None

    recording: Recording | None = None
    replayed: bool = False
    detached: bool = False
    headers_sent: bool = False
    unsent: bytes = b""
    ended: bool = False
    first_token_s: float | None = None
    last_sent_s: float = 0.0
    tool_called: bool = False
    content_frames: int = 0
    attempts: int = 0

    def advance(self, to: Stage) -> None:
        """Raises RuntimeError for a stage that may not follow the present one."""
        self.stage = advance(self.stage, to)

    def meter_frame(self, frame: Frame) -> None:
        """Counts one frame. Raises UpstreamError if it is the provider's report of a failure."""
        require(self.meter).add(frame.events)
        for event in frame.events:
            if isinstance(event, _NOTED):
                self._note(event)
        self.content_frames += frame.is_content

    def _note(self, event: events.Event) -> None:
        if isinstance(event, events.Failed):
            _log.warning("upstream.error_frame", request_id=self.request_id)
            raise UpstreamError
        if isinstance(event, events.Kept):
            self.kept.append(event)
        else:
            self.tool_called = True

    def close_recording(self) -> None:
        """At the very end. If nothing was charged, the idempotency key can be used again."""
        if self.recording is not None:
            self.recording.close("done" if self.stage is Stage.SETTLED else "released")

    def disconnect(self) -> None:
        """The caller has gone: what is still sent is discarded."""
        self.send = _discard

    def elapsed_ms(self) -> int:
        return round((time.perf_counter() - self.started_s) * 1000)

    @property
    def delivered(self) -> bool:
        """Whether any of the answer has arrived, so that something is owed."""
        return self.content_frames > 0


def require(value: T | None) -> T:
    """A field that an earlier step has filled. Raises RuntimeError if it has not."""
    if value is None:
        raise RuntimeError("a step ran before the one it depends on")
    return value
