"""Recorded streams of the vendors are decoded, complete or cut, and written by every surface.

The vendors' own SDKs are the check: their types must accept what our surfaces write.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from anthropic.types import Message, RawMessageStreamEvent
from google.genai.types import GenerateContentResponse
from openai.types import Completion
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from inference_plane.core import events, sse
from inference_plane.core.request import Address, Request
from inference_plane.core.writer import Bill
from inference_plane.surfaces import table
from shared.credits import Tokens
from tests.support.recordings import Recording, streams

STREAMS = streams()
FAILING = frozenset({"openai-error.1"})
BILL = Bill(Tokens(input=7, output=5, reasoning=2), 1, 99)
UNREADABLE = frozenset({"parallel-tool-call-wrapper.1"})
"""Its last line is no JSON: a quotation mark too many."""

READABLE = [each for each in STREAMS if each.name not in UNREADABLE]
COMPLETE = [each for each in READABLE if each.name not in FAILING]

_messages: TypeAdapter[Any] = TypeAdapter(RawMessageStreamEvent)
_responses: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)


def _gemini(body: dict[str, Any]) -> Any:
    """Google's types accept no unknown field; its client drops ours first."""
    body.pop("credits", None)
    return GenerateContentResponse.model_validate(body)


def _piece(body: dict[str, Any]) -> Any:
    """OpenAI's type does not allow an empty finish reason, though its own stream has it."""
    for choice in body["choices"]:
        choice["finish_reason"] = choice["finish_reason"] or "stop"
    return Completion.model_validate(body)


CHUNK_MODELS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "chat": lambda body: ChatCompletionChunk.model_validate(body, strict=True),
    "completions": _piece,
    "responses": _responses.validate_python,
    "messages": _messages.validate_python,
    "generate": _gemini,
}
BUFFERED_MODELS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "chat": lambda body: ChatCompletion.model_validate(body, strict=True),
    "completions": Completion.model_validate,
    "responses": Response.model_validate,
    "messages": Message.model_validate,
    "generate": _gemini,
}

SURFACES = {each.name: each for each in table.SURFACES if each.column == each.name}


def _names(recordings: list[Recording]) -> list[str]:
    return [f"{each.vendor}-{each.name}" for each in recordings]


def _request(surface: str, *, streamed: bool) -> Request:
    bodies: dict[str, dict[str, Any]] = {
        "chat": {"messages": [{"role": "user", "content": "hi"}]},
        "completions": {"prompt": "hi"},
        "responses": {"input": "hi"},
        "messages": {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 100},
        "generate": {"contents": [{"parts": [{"text": "hi"}]}]},
    }
    verb = "streamGenerateContent" if streamed else "generateContent"
    address = Address("m", verb) if surface == "generate" else Address()
    body = bodies[surface] | ({} if surface == "generate" else {"model": "m", "stream": streamed})
    return SURFACES[surface].decode(json.dumps(body).encode(), address)


def _write(recording: Recording, surface: str, *, streamed: bool, same_dialect: bool) -> bytes:
    request, made = _request(surface, streamed=streamed), SURFACES[surface]
    writer = made.writer(request, made.envelope(request), same_dialect)
    texts = [writer.frame(each.raw, each.payload, each.events) for each in recording.frames()]
    return b"".join(texts) + writer.tail(BILL)


def _payloads(stream: bytes) -> list[dict[str, Any]]:
    payloads = [sse.data_of(frame) for frame in sse.Splitter().feed(stream)]
    return [json.loads(each) for each in payloads if each and each != sse.DONE]


@pytest.mark.parametrize("recording", COMPLETE, ids=_names(COMPLETE))
def test_a_recording_is_read_to_its_end_and_counted(recording: Recording) -> None:
    decoded = recording.events()
    assert sum(isinstance(event, events.Ended) for event in decoded) == 1
    assert any(isinstance(event, events.Finished) for event in decoded)
    used = [event.tokens for event in decoded if isinstance(event, events.Used)]
    assert used[-1].prompt > 0
    assert used[-1].output > 0
    assert not any(isinstance(event, events.Failed) for event in decoded)


@pytest.mark.parametrize("recording", READABLE, ids=_names(READABLE))
def test_wherever_the_network_cuts_it_the_frames_are_the_same(recording: Recording) -> None:
    """Fed byte by byte, so that every boundary is tried; and with CRLF, as some servers send it."""
    stream = recording.stream()
    frames = sse.Splitter().feed(stream)
    splitter = sse.Splitter()
    assert [f for at in range(len(stream)) for f in splitter.feed(stream[at : at + 1])] == frames
    assert not splitter.unfinished
    with_returns = sse.Splitter().feed(stream.replace(b"\n", b"\r\n"))
    assert [sse.data_of(frame) for frame in with_returns] == [sse.data_of(f) for f in frames]


@pytest.mark.parametrize("recording", COMPLETE, ids=_names(COMPLETE))
def test_a_recording_cut_anywhere_is_never_taken_for_complete(recording: Recording) -> None:
    for length in range(len(recording.payloads)):
        cut = Recording(recording.name, recording.vendor, recording.payloads[:length])
        decoded = [e for payload in cut.payloads for e in cut.decoder().feed(payload)]
        assert not any(isinstance(event, events.Ended) for event in decoded)


@pytest.mark.parametrize("surface", CHUNK_MODELS)
@pytest.mark.parametrize("recording", COMPLETE, ids=_names(COMPLETE))
def test_every_surface_writes_what_its_sdk_reads(recording: Recording, surface: str) -> None:
    for body in _payloads(_write(recording, surface, streamed=True, same_dialect=False)):
        CHUNK_MODELS[surface](body)
    answer = json.loads(_write(recording, surface, streamed=False, same_dialect=False))
    BUFFERED_MODELS[surface](answer)


@pytest.mark.parametrize("recording", COMPLETE, ids=_names(COMPLETE))
def test_in_its_own_dialect_every_payload_but_the_last_passes_through(
    recording: Recording,
) -> None:
    written = _payloads(_write(recording, recording.dialect, streamed=True, same_dialect=True))
    recorded = [json.loads(payload) for payload in recording.payloads]
    changed = [body for body in written if body not in recorded]
    assert len(changed) == 1
    assert changed[0].get("credits") or changed[0]["response"]["credits"]
    assert [body for body in recorded if body in written] == [
        body for body in written if body in recorded
    ]


NEWER = frozenset({"anthropic-fallback", "anthropic-mcp.1"})
"""Recordings with blocks for which the SDK has no type yet."""

AGGREGATED = [r for r in COMPLETE if r.dialect != "responses" and r.name not in NEWER]


@pytest.mark.parametrize("recording", AGGREGATED, ids=_names(AGGREGATED))
def test_in_its_own_dialect_it_aggregates_to_what_its_sdk_reads(recording: Recording) -> None:
    answer = json.loads(_write(recording, recording.dialect, streamed=False, same_dialect=True))
    assert answer["credits"] == {"deducted": 1, "remaining": 99}
    BUFFERED_MODELS[recording.dialect](answer)


def test_a_response_aggregates_to_the_one_in_its_last_event() -> None:
    for recording in COMPLETE:
        if recording.dialect == "responses":
            answer = json.loads(_write(recording, "responses", streamed=False, same_dialect=True))
            recorded = json.loads(recording.payloads[-1])["response"]
            recorded["usage"]["credits_used"] = 1
            assert answer == recorded | {"credits": {"deducted": 1, "remaining": 99}}


def test_a_line_that_is_no_json_crashes_nothing_and_ends_nothing() -> None:
    for recording in STREAMS:
        if recording.name in UNREADABLE:
            decoder = recording.decoder()
            decoded = [event for payload in recording.payloads for event in decoder.feed(payload)]
            assert any(isinstance(event, events.ToolCalled) for event in decoded)
            assert not any(isinstance(event, events.Ended) for event in decoded)


def test_an_error_inside_a_responses_stream_is_detected() -> None:
    for recording in STREAMS:
        if recording.name in FAILING:
            assert any(isinstance(event, events.Failed) for event in recording.events())
