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
from collections import Counter, deque
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


class _OpenCalls:
    """Calls by their client's id and by their tool's name, those of one turn together.

    A call is found without a search, however many there are.
    """

    def __init__(self) -> None:
        self._turns: dict[tuple[str, str], list[deque[_Open]]] = {}
        self._answered: set[str] = set()

    def add(self, call: _Open) -> None:
        for key in (("id", call.sent_id), ("name", call.name)):
            turns = self._turns.setdefault(key, [])
            if turns and turns[-1] and turns[-1][-1].turn == call.turn:
                turns[-1].append(call)
            else:
                turns.append(deque([call]))

    def take(self, result: ToolResult) -> _Open:
        """The call that the result belongs to, once. Raises Inexpressible if there is none."""
        by_name = not result.id and result.name
        turns = self._turns.get(("name", result.name) if by_name else ("id", result.id), [])
        while turns:
            while turns[-1]:
                call = turns[-1].popleft()
                if call.id not in self._answered:
                    self._answered.add(call.id)
                    return call
            turns.pop()
        shown = result.id or result.name
        raise Inexpressible("messages", f"a result of an unknown call `{shown}`")


class _Pairing:
    """One pass over a conversation. `_results` are those found, by the turn of their calls."""

    def __init__(self, turns: tuple[Turn, ...]) -> None:
        self._turns, self._open = turns, _OpenCalls()
        self._taken, self._counts = set[str](), Counter[str]()
        self._results: dict[int, list[tuple[int, ToolResult]]] = {}

    def paired(self) -> tuple[Turn, ...]:
        """Results come right after the turn of their calls and in the order of the calls.

        Vendors require the first, and some match by place.
        """
        rest = [self._without_results(turn, number) for number, turn in enumerate(self._turns)]
        turns: list[Turn] = []
        for number, turn in enumerate(rest):
            results = self._results_of(number - 1)
            if results and turn.role != "user":
                turns.append(Turn("user", results))
                results = ()
            if results or turn.parts or not self._turns[number].parts:
                turns.append(Turn(turn.role, (*results, *turn.parts)))
        last = self._results_of(len(rest) - 1)
        return (*turns, Turn("user", last)) if last else tuple(turns)

    def _without_results(self, turn: Turn, number: int) -> Turn:
        kept: list[Part] = []
        for place, part in enumerate(turn.parts):
            if isinstance(part, ToolResult):
                call = self._open.take(part)
                result = replace(part, id=call.id, name=call.name)
                self._results.setdefault(call.turn, []).append((call.place, result))
            else:
                kept.append(
                    self._called(part, number, place) if isinstance(part, ToolCall) else part
                )
        return Turn(turn.role, tuple(kept))

    def _results_of(self, turn: int) -> tuple[Part, ...]:
        found = sorted(self._results.get(turn, ()), key=lambda each: each[0])
        return tuple(result for _, result in found)

    def _called(self, call: ToolCall, turn: int, place: int) -> ToolCall:
        new_id = self._unique(call.id)
        self._open.add(_Open(call.id, new_id, call.name, turn, place))
        return replace(call, id=new_id)

    def _unique(self, sent_id: str) -> str:
        """The id itself, or a digest of it and of how many calls have had it."""
        new_id = sent_id
        while not _ACCEPTED.fullmatch(new_id) or new_id in self._taken:
            text = f"{self._counts[sent_id]} {sent_id}"
            new_id = f"call_{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:24]}"
            self._counts[sent_id] += 1
        self._taken.add(new_id)
        return new_id


def pair(prompt: Prompt) -> Prompt:
    """The prompt with its calls and results paired. Raises Inexpressible for a result of no call.

    A result's name becomes its call's.
    """
    return replace(prompt, turns=_Pairing(prompt.turns).paired())
