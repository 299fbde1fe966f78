"""Decides what the simulated model says: thinking, text, tool calls, and why it ends.

No vendor is known here. `pieces` become frames, one each, and count as one token each.
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
class Wish:
    """What a request asks for, in no vendor's words. `must` is any tool, or the tool so named."""

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
    """Tokens. `prompt` includes what was cached and written, `output` what was thought."""

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


def compose(wish: Wish) -> Answer:
    """What to say to this request."""
    asked = wish.directive.thinking
    thoughts = words(_THOUGHT, asked or THOUGHTS) if asked or wish.thinks else []
    calls = _calls(wish)
    end: End = "tools" if calls else "stop"
    pieces = [] if calls and wish.directive.text is None else _text(wish)
    if wish.directive.refusal is not None and not calls:
        end, pieces = "refusal", _split(wish.directive.refusal, 4)
    stopped_by = None
    if end == "stop":
        pieces, stopped_by = _stop(pieces, wish.stops)
        end = "sequence" if stopped_by else "stop"
    room = len(pieces) if wish.limit is None else max(0, wish.limit - len(thoughts))
    if len(pieces) > room and not calls:
        pieces, end, stopped_by = pieces[:room], "length", None
    spoken = len(pieces) + sum(len(call.pieces) for call in calls)
    return Answer(thoughts, pieces, calls, end, stopped_by, _counts(wish, len(thoughts), spoken))


def words(text: str, count: int) -> list[str]:
    """So many words of the text, over and over; all but the first begin with a space."""
    found = islice(cycle(text.split()), count)
    return [word if i == 0 else f" {word}" for i, word in enumerate(found)]


def _calls(wish: Wish) -> list[Call]:
    told = wish.directive
    named = [*([told.tool] if told.tool else []), *told.tools]
    calls = [Call(tool.name, tool.arguments) for tool in named]
    calls += [_fitted(offer) for offer in islice(cycle(wish.offers), told.calls)]
    calls = [] if wish.answered else calls
    if not calls and wish.must and wish.offers:
        must = [offer for offer in wish.offers if offer.name == wish.must] or wish.offers
        calls = [_fitted(must[0])]
    return calls if wish.parallel else calls[:1]


def _fitted(offer: Offer) -> Call:
    arguments = schema_values.fit(offer.schema)
    return Call(offer.name, arguments if isinstance(arguments, dict) else {})


def _text(wish: Wish) -> list[str]:
    told = wish.directive
    text = told.text
    if told.echo:
        text = json.dumps(wish.request)
    elif text is None and wish.schema is not None:
        text = json.dumps(schema_values.fit(wish.schema))
    if text is None:
        return words(_TEXT, told.frames or FRAMES)
    return _split(text, told.frames or min(FRAMES, max(1, len(text) // 4)))


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


def _counts(wish: Wish, thought: int, spoken: int) -> Counts | None:
    told = wish.directive
    if told.usage == "missing":
        return None
    if told.usage == "zero":
        return Counts(0, 0, 0, 0, 0)
    prompt, output = wish.prompt_tokens, thought + spoken
    cached = min(prompt, told.cached_tokens or wish.cached_tokens)
    written = wish.cache_write_tokens
    if isinstance(told.usage, Counted):
        given = told.usage
        prompt = _or(given.prompt_tokens, prompt)
        output = _or(given.completion_tokens, output)
        cached = _or(given.cached_tokens, cached)
        written = _or(given.cache_write_tokens, written)
        thought = _or(given.reasoning_tokens, thought)
    return Counts(prompt, cached, written, output, thought)


def _or(given: int | None, counted: int) -> int:
    return counted if given is None else given
