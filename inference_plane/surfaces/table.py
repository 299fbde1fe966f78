"""The surfaces there are: which path is which, who reads its requests and writes its answers.

The rows are the support matrix of the client's side; `providers/table.py` is that of the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from inference_plane.core.request import Address, Request
from inference_plane.core.writer import Envelope, EventStream, Writer
from inference_plane.surfaces import (
    chat,
    completions,
    embeddings,
    generate,
    messages,
    openings,
    refusals,
    responses,
)
from inference_plane.surfaces.chat import decode as chat_decode
from inference_plane.surfaces.chat import translated as chat_translated
from inference_plane.surfaces.chat import untouched as chat_untouched
from inference_plane.surfaces.completions import decode as completions_decode
from inference_plane.surfaces.completions import translated as completions_translated
from inference_plane.surfaces.embeddings import decode as embeddings_decode
from inference_plane.surfaces.embeddings import untouched as embeddings_untouched
from inference_plane.surfaces.generate import decode as generate_decode
from inference_plane.surfaces.generate import ending as generate_ending
from inference_plane.surfaces.generate import framing
from inference_plane.surfaces.generate import translated as generate_translated
from inference_plane.surfaces.generate import untouched as generate_untouched
from inference_plane.surfaces.messages import blocks as messages_whole
from inference_plane.surfaces.messages import decode as messages_decode
from inference_plane.surfaces.messages import ending as messages_ending
from inference_plane.surfaces.messages import translated as messages_translated
from inference_plane.surfaces.messages import untouched as messages_untouched
from inference_plane.surfaces.openings import Openings
from inference_plane.surfaces.responses import decode as responses_decode
from inference_plane.surfaces.responses import shapes
from inference_plane.surfaces.responses import translated as responses_translated
from inference_plane.surfaces.responses import untouched as responses_untouched
from shared.errors import Refusal

_read_any: Any = msgspec.json.Decoder().decode

Write = Callable[[Refusal, str], bytes]


@dataclass(frozen=True, slots=True)
class Surface:
    """`refusal` shapes an HTTP error, `broken` the one that ends a stream which has begun.

    `counted` writes a count of tokens. `purpose` is set where nothing is generated.
    """

    name: str
    decode: Callable[[bytes, Address], Request]
    writer: Callable[[Request, Envelope, bool], Writer]
    envelope: Callable[[Request], Envelope]
    refusal: Write
    broken: Write
    counted: Callable[[int], bytes] | None = None
    purpose: str = ""
    spelling: Mapping[str, str] = field(default_factory=dict)
    openings: Openings = openings.NONE

    @property
    def column(self) -> str:
        """Of the pipeline's table."""
        return self.purpose or self.name

    def spelled(self, name: str) -> str:
        """A field of the middle language as this surface's callers know it."""
        return self.spelling.get(name, name)


def _chat(request: Request, _: Envelope, untouched: bool) -> Writer:
    if untouched:
        return chat_untouched.Streamed() if request.streamed else chat_untouched.Whole()
    model = request.model_id
    return chat_translated.Streamed(model) if request.streamed else chat_translated.Whole(model)


def _completions(request: Request, _: Envelope, untouched: bool) -> Writer:
    del untouched  # nobody speaks it any more
    echo = completions_decode.echo_of(request)
    if request.streamed:
        return completions_translated.Streamed(request.model_id, echo)
    return completions_translated.Whole(request.model_id, echo)


def _responses(request: Request, _: Envelope, untouched: bool) -> Writer:
    if untouched:
        return responses_untouched.Streamed() if request.streamed else responses_untouched.Whole()
    asked = {n: _read_any(request.fields[n]) for n in shapes.REPEATED if n in request.fields}
    if request.streamed:
        return responses_translated.Streamed(request.model_id, asked)
    return responses_translated.Whole(request.model_id, asked)


def _messages(request: Request, _: Envelope, untouched: bool) -> Writer:
    if untouched:
        return messages_untouched.Streamed() if request.streamed else messages_untouched.Whole()
    if request.streamed:
        return messages_translated.Streamed(request.model_id, request.prompt_tokens)
    return messages_whole.Whole(request.model_id)


def _generate(request: Request, envelope: Envelope, untouched: bool) -> Writer:
    if not request.streamed:
        model = request.model_id
        return generate_untouched.Whole() if untouched else generate_translated.Whole(model)
    framed = envelope if isinstance(envelope, framing.Array | framing.Events) else framing.Events()
    if untouched:
        return generate_untouched.Streamed(framed)
    return generate_translated.Streamed(request.model_id, framed)


def _embeddings(request: Request, _: Envelope, untouched: bool) -> Writer:
    del request, untouched
    return embeddings_untouched.Whole()


def _events(_: Request) -> Envelope:
    return EventStream()


def _named_events(_: Request) -> Envelope:
    return EventStream(named=True)


def _framing(request: Request) -> Envelope:
    return framing.Array() if request.address.array else framing.Events()


OPENAI, ANTHROPIC, GOOGLE = refusals.openai, refusals.anthropic, refusals.google
_CHAT = {
    "reasoning": "reasoning_effort",
    "choose": "tool_choice",
    "parallel": "parallel_tool_calls",
    "format": "response_format",
}
_RESPONSES = _CHAT | {"reasoning": "reasoning", "format": "text.format", "messages": "input"}
_MESSAGES = {
    "reasoning": "thinking",
    "choose": "tool_choice",
    "parallel": "tool_choice.disable_parallel_tool_use",
    "format": "output_config.format",
    "stop": "stop_sequences",
}
_GENERATE = {
    "reasoning": "generationConfig.thinkingConfig",
    "choose": "toolConfig",
    "format": "generationConfig.responseSchema",
    "messages": "contents",
    "n": "generationConfig.candidateCount",
    "seed": "generationConfig.seed",
    "top_k": "generationConfig.topK",
    "temperature": "generationConfig.temperature",
    "presence_penalty": "generationConfig.presencePenalty",
    "frequency_penalty": "generationConfig.frequencyPenalty",
}

SURFACES: dict[str, Surface] = {
    each.name: each
    for each in (
        Surface(
            name=chat.NAME,
            decode=chat_decode.decode,
            openings=openings.CHAT,
            writer=_chat,
            envelope=_events,
            refusal=OPENAI,
            broken=OPENAI,
            spelling=_CHAT,
        ),
        Surface(
            name=completions.NAME,
            decode=completions_decode.decode,
            openings=openings.COMPLETIONS,
            writer=_completions,
            envelope=_events,
            refusal=OPENAI,
            broken=OPENAI,
        ),
        Surface(
            name=responses.NAME,
            decode=responses_decode.decode,
            openings=openings.RESPONSES,
            writer=_responses,
            envelope=_named_events,
            refusal=OPENAI,
            broken=refusals.openai_event,
            spelling=_RESPONSES,
        ),
        Surface(
            name=messages.NAME,
            decode=messages_decode.decode,
            openings=openings.MESSAGES,
            writer=_messages,
            envelope=_named_events,
            refusal=ANTHROPIC,
            broken=ANTHROPIC,
            spelling=_MESSAGES,
        ),
        Surface(
            name=generate.NAME,
            decode=generate_decode.decode,
            openings=openings.GENERATE,
            writer=_generate,
            envelope=_framing,
            refusal=GOOGLE,
            broken=GOOGLE,
            spelling=_GENERATE,
        ),
        Surface(
            name=embeddings.NAME,
            decode=embeddings_decode.decode,
            writer=_embeddings,
            envelope=_events,
            refusal=OPENAI,
            broken=OPENAI,
        ),
    )
}
COUNT_MESSAGES = replace(
    SURFACES[messages.NAME],
    decode=messages_decode.decode_counted,
    counted=messages_ending.counted,
    purpose="count",
)
COUNT_GENERATE = replace(
    SURFACES[generate.NAME],
    decode=generate_decode.decode_counted,
    counted=generate_ending.counted,
    purpose="count",
)
ESTIMATE = replace(SURFACES[chat.NAME], purpose="estimate")
