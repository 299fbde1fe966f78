"""Gathers events into the whole answer that a plain request gets, in the middle language.

Pieces are kept and joined once at the end: an answer of a hundred thousand pieces costs no more
than its text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from inference_plane.core import events
from inference_plane.core.events import Event
from inference_plane.core.prompt import Call, Refusal, Text, Thinking

Said = Text | Thinking | Call | Refusal
_THOUGHTS = (events.Thought, events.Signed)


@dataclass(slots=True)
class Choice:
    """What was said, in its order. An answer cut short for credits ends by its length."""

    said: list[Said] = field(default_factory=list)
    reason: str = events.LENGTH
    stop_sequence: str | None = None

    def text(self) -> str:
        return "".join(part.text for part in self.said if isinstance(part, Text))

    def calls(self) -> list[Call]:
        return [part for part in self.said if isinstance(part, Call)]


class Answer:
    """Feed it events; `choices` is what they come to."""

    def __init__(self) -> None:
        self._seen: dict[int, list[Event]] = {}

    def take(self, seen: Sequence[Event]) -> None:
        for event in seen:
            number = getattr(event, "choice", None)
            if number is not None:
                self._seen.setdefault(number, []).append(event)

    @property
    def choices(self) -> list[Choice]:
        """At least one, in the order of their numbers."""
        return [_fold(self._seen[number]) for number in sorted(self._seen)] or [Choice()]


def _fold(seen: list[Event]) -> Choice:
    choice = Choice()
    arguments: dict[int, list[str]] = {}
    for event in seen:
        if isinstance(event, events.Arguments):
            arguments.setdefault(event.index, []).append(event.text)
    for kind, group in groupby(seen, _kind):
        choice.said.extend(_said(kind, list(group), arguments))
    for event in seen:
        if isinstance(event, events.Finished):
            choice.reason, choice.stop_sequence = event.reason, event.stop_sequence
    return choice


def _kind(event: Event) -> type[Event]:
    return events.Thought if isinstance(event, _THOUGHTS) else type(event)


def _said(kind: type[Event], group: list[Event], arguments: dict[int, list[str]]) -> Iterable[Said]:
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
            yield Call(event.id, event.name, text, event.signature or "", event.origin)


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
