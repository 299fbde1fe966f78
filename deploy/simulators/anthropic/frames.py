"""A message on the wire: one object, or the events that build it block by block.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages; guide
https://docs.anthropic.com/en/docs/build-with-claude/streaming. Seen in recorded answers.
"""

import uuid
from collections.abc import Iterator
from typing import Any

import msgspec

from deploy.simulators import signatures
from deploy.simulators.answers import Answer, Call
from deploy.simulators.anthropic import errors, hosted
from deploy.simulators.anthropic.generations import is_newest, region_of
from deploy.simulators.anthropic.requests import (
    MessageRequest,
    ThinkingAdaptive,
    ThinkingEnabled,
)
from deploy.simulators.anthropic.turns import REDACTED, THINKING
from deploy.simulators.directive import Directive

Event = dict[str, Any]
_STOPS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "sequence": "stop_sequence",
    "tools": "tool_use",
    "refusal": "refusal",
}


class Frames:
    """One answer. `ttl` is the lifetime of what it writes to the cache."""

    def __init__(
        self, parsed: MessageRequest, answer: Answer, directive: Directive, ttl: str
    ) -> None:
        self._parsed, self._answer, self._directive, self._ttl = parsed, answer, directive, ttl
        self._key = uuid.uuid4().hex

    def response(self) -> dict[str, Any]:
        """The plain answer; `usage` is left out when the directive says it is missing."""
        message = self._message(self._blocks())
        message |= self._stopped()
        counts = self._answer.counts
        return message if counts is None else message | {"usage": self._usage(counts.output)}

    def stream(self) -> list[bytes]:
        """All frames in order, with a ping after the first block has begun."""
        frames = [_frame(event) for event in self._events()]
        begun = 2 if self._blocks() else 1
        return [*frames[:begun], _frame({"type": "ping"}), *frames[begun:]]

    def failure(self) -> bytes:
        """An error in the middle of a stream; nothing comes after it."""
        body = errors.body(529, f"Overloaded{self._directive.secret}")
        body["error"] = {"details": None} | body["error"]
        return _frame(body)

    def _events(self) -> Iterator[Event]:
        names = ["stop_reason", "stop_sequence"]
        names += ["stop_details"] if is_newest(self._parsed.model) else []
        opened = self._message([]) | dict.fromkeys(names)
        if self._answer.counts is not None:
            usage = self._usage(min(1, self._answer.counts.output))
            usage.pop("output_tokens_details", None)
            opened["usage"] = usage
        yield {"type": "message_start", "message": opened}
        for number, block in enumerate(self._blocks()):
            yield from self._block_events(number, block)
        yield self._closing()
        yield {"type": "message_stop"}

    def _closing(self) -> Event:
        closing: Event = {"type": "message_delta", "delta": self._stopped()}
        if self._answer.counts is not None:
            usage = self._usage(self._answer.counts.output)
            left_out = ("cache_creation", "service_tier", "inference_geo", "speed")
            closing["usage"] = {key: usage[key] for key in usage if key not in left_out}
        return closing

    def _block_events(self, number: int, block: dict[str, Any]) -> Iterator[Event]:
        start, deltas = self._opened(block)
        yield {"type": "content_block_start", "index": number, "content_block": start}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": number, "delta": delta}
        yield {"type": "content_block_stop", "index": number}

    def _opened(self, block: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """A block as it begins, and what is added to it."""
        answer = self._answer
        if block["type"] == "text":
            return block | {"text": ""}, [
                {"type": "text_delta", "text": piece} for piece in answer.pieces
            ]
        if block["type"] == "thinking":
            shown = answer.thoughts if block["thinking"] else []
            deltas = [{"type": "thinking_delta", "thinking": thought} for thought in shown]
            signed = {"type": "signature_delta", "signature": block["signature"]}
            return block | {"thinking": "", "signature": ""}, [*deltas, signed]
        if block["type"] == "tool_use":
            call = Call(block["name"], block["input"])
            pieces = ["", *(call.pieces if call.arguments else ())]
            deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]
            return block | {"input": {}}, deltas
        return block, []

    def _blocks(self) -> list[dict[str, Any]]:
        answer = self._answer
        blocks = [self._thinking()] if answer.thoughts else []
        blocks += hosted.blocks_of(self._parsed.tools or [], self._directive.uses, self._key)
        if answer.pieces and answer.end != "refusal":
            blocks.append({"type": "text", "text": answer.text})
        for number, call in enumerate(answer.calls):
            call_id = f"toolu_01{self._key[:20]}{number:02}"
            blocks.append(
                {"type": "tool_use", "id": call_id, "name": call.name, "input": call.arguments}
            )
        return blocks

    def _thinking(self) -> dict[str, Any]:
        if self._directive.redacted:
            return {"type": "redacted_thinking", "data": signatures.sign(REDACTED)}
        wanted = self._parsed.thinking
        hides = (
            isinstance(wanted, ThinkingEnabled | ThinkingAdaptive) and wanted.display == "omitted"
        )
        shown = "" if hides else self._answer.thought
        return {
            "type": "thinking",
            "thinking": shown,
            "signature": signatures.sign(THINKING, shown),
        }

    def _message(self, blocks: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "model": self._parsed.model,
            "id": f"msg_01{self._key[:22]}",
            "type": "message",
            "role": "assistant",
            "content": blocks,
        }

    def _stopped(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "stop_reason": _STOPS[self._answer.end],
            "stop_sequence": self._answer.stopped_by,
        }
        if self._answer.end == "refusal":
            found["stop_details"] = {
                "type": "refusal",
                "category": None,
                "explanation": self._answer.text,
                "recommended_model": self._parsed.model,
            }
        elif is_newest(self._parsed.model):
            found["stop_details"] = None
        return found

    def _usage(self, output: int) -> dict[str, Any]:
        counts = self._answer.counts
        assert counts is not None
        long = self._ttl == "1h"
        usage = {
            "input_tokens": counts.prompt - counts.cached - counts.written,
            "cache_creation_input_tokens": counts.written,
            "cache_read_input_tokens": counts.cached,
            "cache_creation": {
                "ephemeral_5m_input_tokens": 0 if long else counts.written,
                "ephemeral_1h_input_tokens": counts.written if long else 0,
            },
            "output_tokens": output,
            "service_tier": self._directive.tier or "standard",
            "inference_geo": region_of(self._parsed),
        }
        searches = hosted.searches_of(self._parsed.tools or [], self._directive.uses)
        if searches is not None:
            usage["server_tool_use"] = {"web_search_requests": searches, "web_fetch_requests": 0}
        if self._parsed.speed is not None:
            usage["speed"] = self._parsed.speed
        if is_newest(self._parsed.model):
            usage["output_tokens_details"] = {"thinking_tokens": min(counts.reasoning, output)}
        return usage


def _frame(event: Event) -> bytes:
    return (
        b"event: "
        + str(event["type"]).encode()
        + b"\ndata: "
        + msgspec.json.encode(event)
        + b"\n\n"
    )
