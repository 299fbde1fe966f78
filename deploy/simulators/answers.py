"""Decides what the simulated model says: thinking, text, tool calls, and the stop reason.

Independent of any vendor. Each of `pieces` becomes one frame and counts as one token.
"""

import json
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any, Literal

from deploy.simulators import schema_values
from deploy.simulators.directive import Counted, Directive

_TEXT = (
    "This answer is simulated : no model was asked , because no provider key is set . "
    "Set OPENAI_API_KEY to stream a real one ."
)
_THOUGHT = "The request asks for a simulated answer , so I shall give one ."
FRAMES = 20
THOUGHTS = 8
PIECE = 12
"""Characters of tool arguments in one frame."""

End = Literal["stop", "length", "sequence", "tools", "refusal"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool the model may call; `schema` is its parameters' JSON Schema."""

    name: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSpec:
    """A request in vendor-neutral terms. `must` requires any tool, or the tool of that name."""

    directive: Directive = field(default_factory=Directive)
    prompt_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    offers: tuple[Offer, ...] = ()
    must: bool | str | None = None
    parallel: bool = True
    answered: bool = False
    schema: dict[str, Any] | None = None
    limit: int | None = None
    stops: tuple[str, ...] = ()
    thinks: bool = False
    request: Any = None


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: dict[str, Any]

    @property
    def text(self) -> str:
        return json.dumps(self.arguments)

    @property
    def pieces(self) -> list[str]:
        text = self.text
        return [text[i : i + PIECE] for i in range(0, len(text), PIECE)]


@dataclass(frozen=True, slots=True)
class Counts:
    """Token counts. `prompt` includes cache reads and writes, `output` includes thinking."""

    prompt: int
    cached: int
    written: int
    output: int
    reasoning: int


@dataclass(frozen=True, slots=True)
class Answer:
    """`counts` is None when the directive says that usage is missing."""

    thoughts: list[str]
    pieces: list[str]
    calls: list[Call]
    end: End
    stopped_by: str | None
    counts: Counts | None

    @property
    def thought(self) -> str:
        return "".join(self.thoughts)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def compose(spec: AnswerSpec) -> Answer:
    """The answer to this request."""
    parsed = spec.directive.thinking
    thoughts = words(_THOUGHT, parsed or THOUGHTS) if parsed or spec.thinks else []
    calls = _calls(spec)
    end: End = "tools" if calls else "stop"
    pieces = [] if calls and spec.directive.text is None else _text(spec)
    if spec.directive.refusal is not None and not calls:
        end, pieces = "refusal", _split(spec.directive.refusal, 4)
    stopped_by = None
    if end == "stop":
        pieces, stopped_by = _stop(pieces, spec.stops)
        end = "sequence" if stopped_by else "stop"
    room = len(pieces) if spec.limit is None else max(0, spec.limit - len(thoughts))
    if len(pieces) > room and not calls:
        pieces, end, stopped_by = pieces[:room], "length", None
    emitted = len(pieces) + sum(len(call.pieces) for call in calls)
    return Answer(thoughts, pieces, calls, end, stopped_by, _counts(spec, len(thoughts), emitted))


def words(text: str, count: int) -> list[str]:
    """`count` words of the text, repeated; all but the first begin with a space."""
    found = islice(cycle(text.split()), count)
    return [word if i == 0 else f" {word}" for i, word in enumerate(found)]


def _calls(spec: AnswerSpec) -> list[Call]:
    directive = spec.directive
    named = [*([directive.tool] if directive.tool else []), *directive.tools]
    calls = [Call(tool.name, tool.arguments) for tool in named]
    calls += [_fitted(offer) for offer in islice(cycle(spec.offers), directive.calls)]
    calls = [] if spec.answered else calls
    if not calls and spec.must and spec.offers:
        must = [offer for offer in spec.offers if offer.name == spec.must] or spec.offers
        calls = [_fitted(must[0])]
    return calls if spec.parallel else calls[:1]


def _fitted(offer: Offer) -> Call:
    arguments = schema_values.fit(offer.schema)
    return Call(offer.name, arguments if isinstance(arguments, dict) else {})


def _text(spec: AnswerSpec) -> list[str]:
    directive = spec.directive
    text = directive.text
    if directive.echo:
        text = json.dumps(spec.request)
    elif text is None and spec.schema is not None:
        text = json.dumps(schema_values.fit(spec.schema))
    if text is None:
        return words(_TEXT, directive.frames or FRAMES)
    return _split(text, directive.frames or min(FRAMES, max(1, len(text) // 4)))


def _split(text: str, count: int) -> list[str]:
    size = max(1, -(-len(text) // count))
    return [text[i : i + size] for i in range(0, len(text), size)] or [""]


def _stop(pieces: list[str], stops: tuple[str, ...]) -> tuple[list[str], str | None]:
    """The pieces before the first stop sequence, and which one it was."""
    text = "".join(pieces)
    found = [(text.index(stop), stop) for stop in stops if stop and stop in text]
    if not found:
        return pieces, None
    room, stop = min(found)
    kept: list[str] = []
    for piece in pieces:
        if room > 0:
            kept.append(piece[:room])
        room -= len(piece)
    return kept, stop


def _counts(spec: AnswerSpec, thought: int, emitted: int) -> Counts | None:
    directive = spec.directive
    if directive.usage == "missing":
        return None
    if directive.usage == "zero":
        return Counts(0, 0, 0, 0, 0)
    prompt, output = spec.prompt_tokens, thought + emitted
    cached = min(prompt, directive.cached_tokens or spec.cached_tokens)
    written = spec.cache_write_tokens
    if isinstance(directive.usage, Counted):
        value = directive.usage
        prompt = _or(value.prompt_tokens, prompt)
        output = _or(value.completion_tokens, output)
        cached = _or(value.cached_tokens, cached)
        written = _or(value.cache_write_tokens, written)
        thought = _or(value.reasoning_tokens, thought)
    return Counts(prompt, cached, written, output, thought)


def _or(value: int | None, counted: int) -> int:
    return counted if value is None else value
