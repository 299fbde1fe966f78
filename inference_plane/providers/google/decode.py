"""Reads the chunks of streamGenerateContent.

A chunk is a small answer of its own: its parts are complete, and its counts are the totals so far.
Google's prompt count includes cached tokens, and thoughts are counted apart from the candidates. No
event ends a stream: it is complete once its candidates have finished and the bytes end. Source:
Gemini API reference, https://ai.google.dev/api/generate-content, "GenerateContentResponse"; guide
https://ai.google.dev/gemini-api/docs/thought-signatures.
"""

import uuid
from typing import Any

import msgspec

from inference_plane.core import events, usage, vendor_json
from inference_plane.core.events import Event
from inference_plane.providers.google import ORIGIN
from inference_plane.providers.google.grounding import Grounding

_REASONS = {
    "STOP": events.STOP,
    "MAX_TOKENS": events.LENGTH,
    "SAFETY": events.FILTER,
    "RECITATION": events.FILTER,
    "BLOCKLIST": events.FILTER,
    "PROHIBITED_CONTENT": events.FILTER,
    "SPII": events.FILTER,
    "IMAGE_SAFETY": events.FILTER,
}
_BROKEN = frozenset({"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"})


class _FunctionCall(msgspec.Struct):
    name: str = ""
    id: str | None = None
    args: msgspec.Raw = msgspec.Raw(b"{}")


class _Part(msgspec.Struct, rename="camel"):
    text: str | None = None
    thought: bool = False
    thought_signature: str = ""
    function_call: _FunctionCall | None = None


class _Content(msgspec.Struct):
    parts: list[_Part] = []


class _Candidate(msgspec.Struct, rename="camel"):
    index: int = 0
    content: _Content | None = None
    finish_reason: str = ""
    grounding_metadata: Any = None


class _Feedback(msgspec.Struct, rename="camel"):
    block_reason: str = ""


class _Chunk(msgspec.Struct, rename="camel"):
    candidates: list[_Candidate] = []
    usage_metadata: msgspec.Raw = msgspec.Raw()
    prompt_feedback: _Feedback | None = None
    model_version: str = ""
    response_id: str = ""
    error: Any = None


_read = vendor_json.reader(_Chunk)


class GenerateDecoder:
    """Decodes one stream. `single_calls`: of several calls at once only the first one is read, for
    callers who take one at a time; Gemini has no field for that. The others are made again, if
    the model still wants them, once it has the first one's result.
    """

    def __init__(self, *, single_calls: bool = False) -> None:
        self._single_calls = single_calls
        self._started = False
        self._calls = 0
        self._called: set[int] = set()
        self._open: set[int] = set()
        self._finished = False
        self._grounding = Grounding()
        self._tier = ""

    def feed(self, payload: bytes) -> list[Event]:
        chunk = _read(payload)
        if chunk is None:
            return []
        if chunk.error is not None:
            return [events.Failed(str(chunk.error), busy=True)]
        seen: list[Event] = []
        if not self._started:
            self._started = True
            seen.append(events.Started(chunk.response_id, chunk.model_version))
        for candidate in chunk.candidates:
            self._candidate(candidate, seen)
        if chunk.prompt_feedback and chunk.prompt_feedback.block_reason:
            self._finished = True
            seen.append(events.Finished(events.FILTER))
        figures = usage.figures_of(chunk.usage_metadata)
        if figures is not None:
            self._serve(figures, seen)
            seen.append(_used(figures))
        return seen

    def finish(self) -> list[Event]:
        """Ended, if every candidate has finished; else the stream was cut off."""
        return [events.Ended()] if self._finished and not self._open else []

    def _serve(self, figures: usage.Figures, seen: list[Event]) -> None:
        """The tier, once. Source: https://ai.google.dev/gemini-api/docs/priority-inference."""
        tier = tier_of(figures.get("serviceTier"))
        if tier and tier != self._tier:
            self._tier = tier
            seen.append(events.Served(tier))

    def _candidate(self, candidate: _Candidate, seen: list[Event]) -> None:
        self._open.add(candidate.index)
        if candidate.grounding_metadata:
            seen += self._grounding.add(candidate.index, candidate.grounding_metadata)
        for part in candidate.content.parts if candidate.content else ():
            self._part(part, candidate.index, seen)
        if not candidate.finish_reason:
            return
        if candidate.finish_reason in _BROKEN:
            seen.append(events.Failed(candidate.finish_reason))
            return
        self._finished = True
        self._open.discard(candidate.index)
        reason = _REASONS.get(candidate.finish_reason, events.STOP)
        if reason == events.STOP and candidate.index in self._called:
            reason = events.TOOLS
        seen.append(events.Finished(reason, candidate.index))

    def _part(self, part: _Part, choice: int, seen: list[Event]) -> None:
        if part.function_call is not None:
            if not (self._single_calls and choice in self._called):
                self._call(part.function_call, part.thought_signature, choice, seen)
            return
        if part.text:
            kind = events.Thought if part.thought else events.Text
            seen.append(kind(part.text, choice))
        if part.thought_signature:
            seen.append(events.Signed(part.thought_signature, ORIGIN, choice))

    def _call(self, call: _FunctionCall, signature: str, choice: int, seen: list[Event]) -> None:
        """Gemini may leave the id out; callers of other dialects need one."""
        index, call_id = self._calls, call.id or f"call_{uuid.uuid4().hex[:24]}"
        self._calls += 1
        self._called.add(choice)
        seen.append(events.ToolCalled(index, call_id, call.name, choice, signature or None, ORIGIN))
        seen.append(events.Arguments(index, bytes(call.args).decode(), choice))


def tier_of(value: Any) -> str:
    """A tier as Google writes it, `priority` or `SERVICE_TIER_PRIORITY`; empty for none."""
    name = vendor_json.as_text(value).lower().removeprefix("service_tier_")
    return "" if name == "unspecified" else name


def _used(figures: usage.Figures) -> Event:
    """Google counts what its own tools add to the prompt apart, and thoughts, too."""
    if not figures:
        return usage.UNKNOWN
    prompt = (figures.get("promptTokenCount"), figures.get("toolUsePromptTokenCount"))
    thoughts = figures.get("thoughtsTokenCount")
    reported = usage.Reported(
        prompt=prompt,
        output=(figures.get("candidatesTokenCount"), thoughts),
        cache_read=figures.get("cachedContentTokenCount"),
        reasoning=thoughts,
        parts=_parts(figures),
    )
    return usage.read(reported)


_MODALITIES = (
    ("audio_input", "promptTokensDetails", "AUDIO"),
    ("audio_cache_read", "cacheTokensDetails", "AUDIO"),
    ("audio_output", "candidatesTokensDetails", "AUDIO"),
    ("image_input", "promptTokensDetails", "IMAGE"),
    ("image_output", "candidatesTokensDetails", "IMAGE"),
)


def _parts(figures: usage.Figures) -> usage.Figures:
    """Audio and pictures; the counts of most answers are of text alone."""
    lists = {name: usage.by_modality(figures.get(name)) for _, name, _ in _MODALITIES}
    found = {part: lists[name].get(modality) for part, name, modality in _MODALITIES}
    return {part: count for part, count in found.items() if count}
