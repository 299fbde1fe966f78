"""An answer on the wire: one object, or chunks that each have its shape.

Source: Gemini API reference, https://ai.google.dev/api/generate-content, "GenerateContentResponse";
guide https://ai.google.dev/gemini-api/docs/thought-signatures. Seen in recorded answers.
"""

import uuid
from collections.abc import Iterator
from typing import Any

import msgspec

from deploy.simulators import signatures
from deploy.simulators.answers import Answer, Call
from deploy.simulators.google import errors, hosted
from deploy.simulators.google.logprobs import logprobs_result
from deploy.simulators.google.prompt import Prompt
from deploy.simulators.google.requests import GenerateRequest
from deploy.simulators.google.turns import PURPOSE

_FINISH = {"length": "MAX_TOKENS", "refusal": "SAFETY"}
_CALLED = "Model generated function call(s)."
Chunk = dict[str, Any]


class Frames:
    """One answer of a model."""

    def __init__(self, model: str, parsed: GenerateRequest, answer: Answer, prompt: Prompt) -> None:
        config = parsed.generation_config
        self._model, self._config, self._answer = model, config, answer
        self._directive, self._details = prompt.directive, prompt.details
        self.tier = hosted.tier_of(parsed.service_tier, prompt.directive.tier)
        self._grounding = hosted.grounding_of(parsed.tools or [], prompt.directive.uses)
        self._id = uuid.uuid4().hex[:23]
        thinking = config.thinking_config
        self._shows = thinking is not None and bool(thinking.include_thoughts)
        self._count = config.candidate_count or 1

    def response(self) -> Chunk:
        answer = self._answer
        parts: list[dict[str, Any]] = []
        if self._shows and answer.thoughts:
            parts.append({"text": answer.thought, "thought": True})
        if answer.pieces:
            parts.append({"text": answer.text} | ({} if answer.calls else self._signed()))
        parts += self._call_parts()
        return self._chunk(parts, self._finish, self._total, _CALLED if answer.calls else None)

    def chunks(self) -> Iterator[Chunk]:
        """Chunks with the usage so far; the last one has the finish reason."""
        answer, emitted = self._answer, len(self._answer.thoughts)
        if self._shows:
            for number, thought in enumerate(answer.thoughts, 1):
                yield self._chunk([{"text": thought, "thought": True}], None, number)
        for piece in answer.pieces if answer.end != "refusal" else ():
            emitted += 1
            yield self._chunk([{"text": piece}], None, emitted)
        for part, call in zip(self._call_parts(), answer.calls, strict=True):
            emitted += len(call.pieces)
            yield self._chunk([part], None, emitted)
        last = {"text": ""} | ({} if answer.calls else self._signed())
        yield self._chunk([last], self._finish, self._total)

    def failure(self, number: int, is_sse: bool) -> bytes:
        """An error in the middle of a stream; nothing comes after it."""
        body = errors.body(
            503, f"The model is overloaded. Please try again later.{self._directive.secret}"
        )
        frame = msgspec.json.encode(body)
        if is_sse:
            return b"data: " + frame + b"\r\n\r\n"
        return (b"[" if number == 1 else b",\r\n") + frame + b"\n]\n"

    @property
    def _total(self) -> int | None:
        return self._answer.counts.output if self._answer.counts else None

    @property
    def _finish(self) -> str:
        return _FINISH.get(self._answer.end, "STOP")

    def _signed(self) -> dict[str, Any]:
        """A signature is sent if there was thinking."""
        if not self._answer.thoughts:
            return {}
        return {"thoughtSignature": signatures.sign(PURPOSE, self._answer.thought)}

    def _call_parts(self) -> list[dict[str, Any]]:
        """Only the first call of a step is signed."""
        return [
            {"functionCall": _call(call)} | (self._signed() if number == 0 else {})
            for number, call in enumerate(self._answer.calls)
        ]

    def _chunk(
        self,
        parts: list[dict[str, Any]],
        finish: str | None,
        output: int | None,
        message: str | None = None,
    ) -> Chunk:
        content = {"parts": parts, "role": "model"}
        candidate: dict[str, Any] = {} if finish == "SAFETY" else {"content": content}
        if finish:
            candidate["finishReason"] = finish
            if self._grounding:
                candidate["groundingMetadata"] = self._grounding
        found = [candidate | {"index": number} for number in range(self._count)]
        for each in found if message else ():
            each["finishMessage"] = message
        for each in found if finish and self._config.response_logprobs else ():
            each.update(logprobs_result(self._answer.pieces, self._config.logprobs or 0))
        chunk: Chunk = {"candidates": found}
        if output is not None and self._answer.counts is not None:
            chunk["usageMetadata"] = self._usage(output)
        return chunk | {"modelVersion": self._model, "responseId": self._id}

    def _usage(self, output: int) -> dict[str, Any]:
        counts = self._answer.counts
        assert counts is not None
        thought = min(counts.reasoning, output)
        emitted = (min(output, counts.output) - thought) * self._count
        plain = [{"modality": "TEXT", "tokenCount": counts.prompt}]
        fits = sum(each["tokenCount"] for each in self._details) == counts.prompt
        usage: dict[str, Any] = {
            "promptTokenCount": counts.prompt,
            "candidatesTokenCount": emitted,
            "totalTokenCount": counts.prompt + emitted + thought,
            "promptTokensDetails": self._details if fits else plain,
        }
        modality = hosted.modality_of(self._config.response_modalities)
        if modality:
            usage["candidatesTokensDetails"] = [{"modality": modality, "tokenCount": emitted}]
        if self.tier:
            usage["serviceTier"] = self.tier
        if counts.cached:
            cached = [{"modality": "TEXT", "tokenCount": counts.cached}]
            usage |= {"cachedContentTokenCount": counts.cached, "cacheTokensDetails": cached}
        return usage | ({"thoughtsTokenCount": thought} if thought else {})


def _call(call: Call) -> dict[str, Any]:
    return {"name": call.name, "args": call.arguments}


def sse_frames(chunks: Iterator[Chunk]) -> list[bytes]:
    return [b"data: " + msgspec.json.encode(chunk) + b"\r\n\r\n" for chunk in chunks]


def array_frames(chunks: Iterator[Chunk]) -> list[bytes]:
    """A JSON array that is complete only with its last frame."""
    frames = [msgspec.json.encode(chunk) for chunk in chunks]
    return [b"[" + frames[0], *(b",\r\n" + frame for frame in frames[1:]), b"\n]\n"]
