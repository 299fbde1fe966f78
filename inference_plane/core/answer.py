"""Aggregates events into the whole answer that a buffered request gets, in the canonical format.

Pieces are kept and joined once at the end, so that the work is linear in the answer's length.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from inference_plane.core import events
from inference_plane.core.events import Event
from inference_plane.core.prompt import Refusal, Text, Thinking, ToolCall

AnswerPart = Text | Thinking | ToolCall | Refusal
_THOUGHTS = (events.Thought, events.Signed)


@dataclass(slots=True)
class Choice:
    """One answer's parts in order. If no reason was given, it ended by its length."""

    parts: list[AnswerPart] = field(default_factory=list)
    reason: str = events.LENGTH
    stop_sequence: str | None = None

    def text(self) -> str:
        return "".join(part.text for part in self.parts if isinstance(part, Text))

    def calls(self) -> list[ToolCall]:
        return [part for part in self.parts if isinstance(part, ToolCall)]


class Answer:
    """Add events; `choices` is what they make together."""

    def __init__(self) -> None:
        self._events: dict[int, list[Event]] = {}

    def add(self, decoded: Sequence[Event]) -> None:
        for event in decoded:
            number = getattr(event, "choice", None)
            if number is not None:
                self._events.setdefault(number, []).append(event)

    @property
    def choices(self) -> list[Choice]:
        """At least one, in the order of their numbers."""
        return [_aggregate(self._events[n]) for n in sorted(self._events)] or [Choice()]


def _aggregate(decoded: list[Event]) -> Choice:
    choice = Choice()
    arguments: dict[int, list[str]] = {}
    for event in decoded:
        if isinstance(event, events.Arguments):
            arguments.setdefault(event.index, []).append(event.text)
    for kind, group in groupby(decoded, _kind):
        choice.parts.extend(_parts(kind, list(group), arguments))
    for event in decoded:
        if isinstance(event, events.Finished):
            choice.reason, choice.stop_sequence = event.reason, event.stop_sequence
    return choice


def _kind(event: Event) -> type[Event]:
    return events.Thought if isinstance(event, _THOUGHTS) else type(event)


def _parts(
    kind: type[Event], group: list[Event], arguments: dict[int, list[str]]
) -> Iterable[AnswerPart]:
    if kind is events.Text:
        yield Text("".join(e.text for e in group if isinstance(e, events.Text)))
    elif kind is events.Refused:
        yield Refusal("".join(e.text for e in group if isinstance(e, events.Refused)))
    elif kind is events.Thought:
        yield from _thoughts(group)
    for event in group:
        if isinstance(event, events.Redacted):
            yield Thinking(redacted=event.data, origin=event.origin)
        elif isinstance(event, events.ToolCalled):
            text = "".join(arguments.get(event.index, ()))
            yield ToolCall(event.id, event.name, text, event.signature or "", event.origin)


def _thoughts(group: list[Event]) -> Iterable[Thinking]:
    """A signature closes the thought before it."""
    pieces: list[str] = []
    for event in group:
        if isinstance(event, events.Thought):
            pieces.append(event.text)
        elif isinstance(event, events.Signed):
            yield Thinking("".join(pieces), event.signature, origin=event.origin)
            pieces = []
    if pieces:
        yield Thinking("".join(pieces))
