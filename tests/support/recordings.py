"""Recorded streams of the vendors, if they are present next to the checkout.

They are other people's data, so none is in the project; without them our own fixtures are used.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference_plane.core import sse
from inference_plane.core.decoder import Decoder
from inference_plane.core.events import Event
from inference_plane.providers.anthropic.decode import MessagesDecoder
from inference_plane.providers.google.decode import GenerateDecoder
from inference_plane.providers.openai.chat_decode import ChatDecoder
from inference_plane.providers.openai.responses import ResponsesDecoder

FOLDER = Path(__file__).parents[3] / "shared" / "wire"
DECODERS: dict[str, type[Any]] = {
    "anthropic": MessagesDecoder,
    "google": GenerateDecoder,
    "openai_chat": ChatDecoder,
    "openai_compatible": ChatDecoder,
    "openai_responses": ResponsesDecoder,
}
DIALECTS = {
    "anthropic": "messages",
    "google": "generate",
    "openai_chat": "chat",
    "openai_compatible": "chat",
    "openai_responses": "responses",
}


@dataclass(frozen=True)
class Frame:
    """One frame of a recording, and the events in it."""

    raw: bytes
    payload: bytes
    events: Sequence[Event]


@dataclass(frozen=True)
class Recording:
    """One stream: its payloads, in order."""

    name: str
    vendor: str
    payloads: tuple[bytes, ...]

    @property
    def dialect(self) -> str:
        return DIALECTS[self.vendor]

    def decoder(self) -> Decoder:
        made: Decoder = DECODERS[self.vendor]()
        return made

    def stream(self) -> bytes:
        """The bytes as they came over the wire."""
        done = [sse.DONE] if self.dialect == "chat" else []
        return b"".join(self._frame(payload) for payload in [*self.payloads, *done])

    def _frame(self, payload: bytes) -> bytes:
        if self.dialect not in ("messages", "responses"):
            return sse.frame(payload)
        kind = str(json.loads(payload).get("type", ""))
        return b"event: " + kind.encode() + b"\n" + sse.frame(payload)

    def frames(self) -> list[Frame]:
        """Frame by frame, as the pipeline reads it."""
        decoder, splitter = self.decoder(), sse.Splitter()
        frames = [
            Frame(f, sse.data_of(f), decoder.feed(sse.data_of(f)) if sse.data_of(f) else ())
            for f in splitter.feed(self.stream())
        ]
        return [*frames, Frame(b"", b"", decoder.finish())]

    def events(self) -> list[Event]:
        return [event for each in self.frames() for event in each.events]


def streams() -> list[Recording]:
    """All of them, by name; none where they are missing."""
    found = []
    for vendor in DECODERS:
        for file in sorted((FOLDER / vendor).glob("*.chunks.txt")):
            lines = file.read_text().splitlines()
            payloads = [line.encode() for line in lines if line.strip()]
            name = file.name.removesuffix(".chunks.txt")
            found += [
                Recording(f"{name}{'' if number == 1 else f' {number}'}", vendor, tuple(part))
                for number, part in enumerate(_apart(payloads), 1)
            ]
    return found


def _apart(payloads: list[bytes]) -> list[list[bytes]]:
    """One file holds four responses that followed one another."""
    parts: list[list[bytes]] = []
    for payload in payloads:
        if not parts or b'"type":"response.created"' in payload[:40]:
            parts.append([])
        parts[-1].append(payload)
    return parts


def answers(vendor: str) -> list[tuple[str, dict[str, Any]]]:
    """Whole answers and error bodies of a vendor."""
    return [
        (file.name.removesuffix(".json"), json.loads(file.read_text()))
        for file in sorted((FOLDER / vendor).glob("*.json"))
    ]
