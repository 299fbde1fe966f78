"""The envelopes of streamed answers: server-sent events, with or without a named error event."""

from inference_plane.core.request import Request
from inference_plane.core.writer import Envelope, EventStream


def events(_: Request) -> Envelope:
    return EventStream()


def events_with_named_error(_: Request) -> Envelope:
    return EventStream(named_error=True)
