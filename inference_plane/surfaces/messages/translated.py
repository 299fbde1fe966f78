"""A streamed message from the canonical format.

Blocks follow one another; those of tools stay open until the end, because the calls of other
vendors may grow side by side. Signatures of other vendors are marked as theirs. Google signs a text
after it, and does not require that back (https://ai.google.dev/gemini-api/docs/thought-signatures);
it is left out, because clients take the last block for the answer. Source: Anthropic API guide,
https://docs.anthropic.com/en/docs/build-with-claude/streaming.
"""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from inference_plane.core import events, signatures
from inference_plane.core.events import Event
from inference_plane.core.writer import Bill
from inference_plane.surfaces.messages import NATIVE_ORIGIN, framing, usage
from inference_plane.surfaces.messages.blocks import call_block, stop_reason


class Streamed:
    def __init__(self, model: str, prompt_tokens: int) -> None:
        self._model, self._prompt_tokens = model, prompt_tokens
        self._begun = False
        self._index, self._kind = -1, ""
        self._tools: dict[int, int] = {}
        self._finished = events.Finished(events.LENGTH)
        self._refused = False

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        return b"".join(piece for event in events_ for piece in self._write(event))

    def tail(self, bill: Bill) -> bytes:
        ends = [*self._begin(), *self._close()]
        ends += [self._stop(index) for index in self._tools.values()]
        reason, sequence = stop_reason(self._finished, refused=self._refused)
        delta = {"delta": {"stop_reason": reason, "stop_sequence": sequence}}
        ends.append(framing.event("message_delta", usage.with_bill(delta, bill)))
        return b"".join([*ends, framing.event("message_stop", {})])

    def _write(self, event: Event) -> Iterator[bytes]:
        yield from self._begin()
        match event:
            case events.Text(text=text):
                yield from self._grow("text", {"text": ""}, "text_delta", {"text": text})
            case events.Refused(text=text):
                self._refused = True
                yield from self._grow("text", {"text": ""}, "text_delta", {"text": text})
            case events.Thought(text=text):
                yield from self._think("thinking_delta", {"thinking": text})
            case events.Signed(signature=signature, origin=origin) if self._kind != "text":
                signature = signatures.mark(origin, signature, NATIVE_ORIGIN)
                yield from self._think("signature_delta", {"signature": signature})
                yield from self._close()
            case events.Redacted(data=data, origin=origin):
                block = {"data": signatures.mark(origin, data, NATIVE_ORIGIN)}
                yield from self._open("redacted_thinking", block)
            case events.ToolCalled():
                yield from self._close()
                self._index += 1
                self._tools[event.index] = self._index
                yield self._start(call_block(event))
            case events.Arguments(index=index, text=text) if index in self._tools:
                delta = {"type": "input_json_delta", "partial_json": text}
                yield self._delta(self._tools[index], delta)
            case events.Finished():
                self._finished = event

    def _begin(self) -> Iterator[bytes]:
        if self._begun:
            return
        self._begun = True
        usage = {"input_tokens": self._prompt_tokens, "output_tokens": 1}
        message: dict[str, Any] = {
            "id": f"msg_{uuid.uuid4().hex[:24]}",
            "type": "message",
            "role": "assistant",
            "model": self._model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }
        yield framing.event("message_start", {"message": message})

    def _think(self, kind: str, delta: dict[str, Any]) -> Iterator[bytes]:
        yield from self._grow("thinking", {"thinking": "", "signature": ""}, kind, delta)

    def _grow(
        self, kind: str, block: dict[str, Any], delta_kind: str, delta: dict[str, Any]
    ) -> Iterator[bytes]:
        if self._kind != kind:
            yield from self._open(kind, block)
        yield self._delta(self._index, {"type": delta_kind} | delta)

    def _open(self, kind: str, block: dict[str, Any]) -> Iterator[bytes]:
        yield from self._close()
        self._index, self._kind = self._index + 1, kind
        yield self._start({"type": kind} | block)

    def _close(self) -> Iterator[bytes]:
        if self._kind:
            self._kind = ""
            yield self._stop(self._index)

    def _start(self, block: dict[str, Any]) -> bytes:
        return framing.event("content_block_start", {"index": self._index, "content_block": block})

    def _delta(self, index: int, delta: dict[str, Any]) -> bytes:
        return framing.event("content_block_delta", {"index": index, "delta": delta})

    def _stop(self, index: int) -> bytes:
        return framing.event("content_block_stop", {"index": index})
