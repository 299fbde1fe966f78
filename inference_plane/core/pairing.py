"""Pairs tool calls with their results, whatever ids a client has sent.

Clients send ids that start over with each turn, ids of another vendor, long or empty ones, or none.
A result belongs to the nearest call before it that has its id and no result yet; without an id, to
one of its name. Each pair gets an id that every vendor takes and that no other call has: the
client's own where it is such an id, else a digest of it. So the same conversation always has the
same ids, and a vendor's prompt cache holds.

Sources of the limits: Anthropic takes letters, digits, `_` and `-`, once in a conversation
(https://docs.anthropic.com/en/api/messages); OpenAI at most 40 characters.
"""

import hashlib
import re
from dataclasses import dataclass

from msgspec.structs import replace

from inference_plane.core.prompt import Inexpressible, Part, Prompt, ToolCall, ToolResult, Turn

_ACCEPTED = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class _Open:
    """A call without a result yet. `sent_id` is the client's id, `turn` and `place` where it is."""

    sent_id: str
    id: str
    name: str
    turn: int
    place: int


class _Pairing:
    """One pass over a conversation."""

    def __init__(self, turns: tuple[Turn, ...]) -> None:
        self._turns, self._open, self._taken = turns, list[_Open](), set[str]()

    def paired(self) -> tuple[Turn, ...]:
        return tuple(self._turn(turn, number) for number, turn in enumerate(self._turns))

    def _turn(self, turn: Turn, number: int) -> Turn:
        """Results come first, in the order of their calls: some vendors match them by place."""
        results: list[tuple[int, int, Part]] = []
        others: list[Part] = []
        for place, part in enumerate(turn.parts):
            if isinstance(part, ToolResult):
                call = self._take(part)
                result = replace(part, id=call.id, name=call.name)
                results.append((call.turn, call.place, result))
            elif isinstance(part, ToolCall):
                others.append(self._called(part, number, place))
            else:
                others.append(part)
        results.sort(key=lambda each: each[:2])
        return Turn(turn.role, (*(result for _, _, result in results), *others))

    def _called(self, call: ToolCall, turn: int, place: int) -> ToolCall:
        new_id = self._unique(call.id)
        self._open.append(_Open(call.id, new_id, call.name, turn, place))
        return replace(call, id=new_id)

    def _unique(self, sent_id: str) -> str:
        """The id itself, or a digest of it and of how many calls have had it."""
        new_id, count = sent_id, 0
        while not _ACCEPTED.fullmatch(new_id) or new_id in self._taken:
            digest = hashlib.sha256(f"{count} {sent_id}".encode(errors="replace")).hexdigest()
            new_id, count = f"call_{digest[:24]}", count + 1
        self._taken.add(new_id)
        return new_id

    def _take(self, result: ToolResult) -> _Open:
        latest = max((call.turn for call in self._open if _fits(call, result)), default=None)
        for call in self._open:
            if call.turn == latest and _fits(call, result):
                self._open.remove(call)
                return call
        shown = result.id or result.name
        raise Inexpressible("messages", f"a result of an unknown call `{shown}`")


def _fits(call: _Open, result: ToolResult) -> bool:
    if result.id or not result.name:
        return call.sent_id == result.id
    return call.name == result.name


def pair(prompt: Prompt) -> Prompt:
    """The prompt with its calls and results paired. Raises Inexpressible for a result of no call.

    A result's name becomes its call's.
    """
    return replace(prompt, turns=_Pairing(prompt.turns).paired())
