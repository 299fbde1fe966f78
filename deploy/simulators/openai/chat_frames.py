"""Chat completions on the wire: chunks and complete objects with all of the vendor's fields.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/chat/object and
https://platform.openai.com/docs/api-reference/chat-streaming. Seen in recorded answers.
"""

import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from deploy.simulators.answers import Answer, Counts
from deploy.simulators.directive import Directive
from deploy.simulators.openai import errors
from deploy.simulators.openai.logprobs import token_logprobs
from deploy.simulators.openai.requests import ChatRequest, StreamOptions

DONE = b"data: [DONE]\n\n"
_FINISH = {"sequence": "stop", "tools": "tool_calls", "refusal": "stop"}


@dataclass(slots=True)
class Head:
    """What all chunks of one answer share, and which optional fields were requested.

    `tier` serves it, if not the one that was requested; `heard` are the prompt's tokens of audio.
    """

    parsed: ChatRequest
    tier: str = ""
    heard: int = 0
    fields: dict[str, Any] = field(init=False)
    calls: str = field(init=False)

    def __post_init__(self) -> None:
        self.calls = uuid.uuid4().hex[:22]
        self.fields = {
            "id": f"chatcmpl-sim{uuid.uuid4().hex[:24]}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": self.parsed.model,
            "service_tier": self.tier or served_tier(self.parsed.service_tier),
            "system_fingerprint": "fp_simulated",
        }

    @property
    def options(self) -> StreamOptions:
        return self.parsed.stream_options or StreamOptions()


def stream(head: Head, answer: Answer) -> list[bytes]:
    """All frames in order, `[DONE]` the last."""
    numbers = range(head.parsed.n or 1)
    frames = [_chunk(head, number, *step) for step in _steps(head, answer) for number in numbers]
    if head.options.include_usage and answer.counts is not None:
        counted = usage(head, answer.counts, len(numbers))
        frames.append(_frame(head, {"choices": [], "usage": counted}))
    return [*frames, DONE]


def response(head: Head, answer: Answer) -> dict[str, Any]:
    """The plain answer; `usage` is left out when the directive says it is missing."""
    top = head.fields | {"object": "chat.completion"}
    ending = {key: top.pop(key) for key in ("service_tier", "system_fingerprint")}
    numbers = range(head.parsed.n or 1)
    top["choices"] = [_choice(head, answer, number) for number in numbers]
    if answer.counts is not None:
        top["usage"] = usage(head, answer.counts, len(numbers))
    return top | ending


def failure(directive: Directive) -> bytes:
    """An error in the middle of a stream; nothing comes after it."""
    text = "The server had an error while processing your request. Sorry about that!"
    message = text + directive.secret
    return b"data: " + msgspec.json.encode(errors.body(message, "server_error")) + b"\n\n"


def usage(head: Head, counts: Counts, answers: int = 1) -> dict[str, Any]:
    """A spoken answer is all audio; its transcript is not counted. From GPT-5.6 on, what is written
    to the cache is counted.

    Source: https://platform.openai.com/docs/guides/audio and
    https://platform.openai.com/docs/guides/prompt-caching.
    """
    output = counts.output * answers
    spoken = output if "audio" in (head.parsed.modalities or ()) else 0
    details = {"cached_tokens": counts.cached, "audio_tokens": head.heard}
    if bills_cache_writes(head.parsed.model):
        details["cache_write_tokens"] = counts.written
    return {
        "prompt_tokens": counts.prompt,
        "completion_tokens": output,
        "total_tokens": counts.prompt + output,
        "prompt_tokens_details": details,
        "completion_tokens_details": {
            "reasoning_tokens": counts.reasoning * answers,
            "audio_tokens": spoken,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


_BILLS_WRITES = re.compile(r"gpt-(5\.[6-9]|[6-9])")


def bills_cache_writes(model: str) -> bool:
    """Whether writing to the cache costs more than reading the prompt."""
    return bool(_BILLS_WRITES.match(model))


Step = tuple[dict[str, Any], str | None, str | None]
"""A delta, the token whose logprobs go with it, and why the answer ends there."""


def _steps(head: Head, answer: Answer) -> Iterator[Step]:
    """The role, then the pieces, then the finish reason."""
    prompt_text = "refusal" if answer.end == "refusal" else "content"
    opening: dict[str, Any] = {"role": "assistant", "content": "", "refusal": None}
    calls = list(_call_steps(head, answer))
    if calls and not answer.pieces:
        opening["content"] = None
        # A single call comes with the role; several follow it, each with a delta of its own.
        if len(answer.calls) == 1:
            opening = opening | calls.pop(0)[0]
    yield opening, None, None
    for piece in answer.pieces:
        yield {prompt_text: piece}, piece if prompt_text == "content" else None, None
    yield from calls
    yield {}, None, _FINISH.get(answer.end, answer.end)


def _call_steps(head: Head, answer: Answer) -> Iterator[Step]:
    for number, call in enumerate(answer.calls):
        opened = _call(head, number, call.name, "")
        yield {"tool_calls": [{"index": number} | opened]}, None, None
        for piece in call.pieces:
            delta = {"index": number, "function": {"arguments": piece}}
            yield {"tool_calls": [delta]}, None, None


def _chunk(
    head: Head, number: int, delta: dict[str, Any], token: str | None, finish: str | None
) -> bytes:
    logprobs = _logprobs(head, [token]) if token is not None else None
    choice = {"index": number, "delta": delta, "logprobs": logprobs, "finish_reason": finish}
    return _frame(head, {"choices": [choice]})


def _frame(head: Head, fields: dict[str, Any]) -> bytes:
    """Random characters that hide token lengths, unless the request disables them."""
    chunk = head.fields | fields
    if head.options.include_usage:
        chunk.setdefault("usage", None)
    if head.options.include_obfuscation is not False:
        chunk["obfuscation"] = head.calls[: 4 + len(chunk["choices"]) * 4]
    return b"data: " + msgspec.json.encode(chunk) + b"\n\n"


def _choice(head: Head, answer: Answer, number: int) -> dict[str, Any]:
    refused = answer.end == "refusal"
    text = answer.text if answer.pieces or not answer.calls else None
    message: dict[str, Any] = {"role": "assistant", "content": None if refused else text}
    if answer.calls:
        message["tool_calls"] = [
            _call(head, place, call.name, call.text) for place, call in enumerate(answer.calls)
        ]
    message |= {"refusal": answer.text if refused else None, "annotations": []}
    return {
        "index": number,
        "message": message,
        "logprobs": _logprobs(head, answer.pieces),
        "finish_reason": _FINISH.get(answer.end, answer.end),
    }


def _call(head: Head, number: int, name: str, arguments: str) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return {"id": f"call_{head.calls}{number:02}", "type": "function", "function": function}


def _logprobs(head: Head, tokens: list[str]) -> dict[str, Any] | None:
    if not head.parsed.logprobs:
        return None
    top = head.parsed.top_logprobs or 0
    return {"content": [token_logprobs(token, top) for token in tokens], "refusal": None}


def served_tier(parsed: str | None) -> str:
    """The tier that serves a request for this one: `fast` is another word for
    `priority`, and answers have the latter.

    Source: https://platform.openai.com/docs/api-reference/chat/create, "service_tier".
    """
    named = {"auto": "default", "fast": "priority"}
    return named.get(parsed, parsed) if parsed else "default"
