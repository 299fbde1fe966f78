"""Frames the events of a streamed message.

Source: Anthropic API guide, https://docs.anthropic.com/en/docs/build-with-claude/streaming.
"""

from typing import Any

import msgspec

from inference_plane.core import sse

_write = msgspec.json.Encoder().encode


def event(kind: str, body: dict[str, Any]) -> bytes:
    """One frame. Anthropic names each event in its `event:` line and in the payload's `type`."""
    return b"event: " + kind.encode() + b"\n" + sse.frame(_write({"type": kind} | body))
