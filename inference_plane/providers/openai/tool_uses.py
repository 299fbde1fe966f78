"""Counts the uses of OpenAI's hosted tools, by the items that report them.

A search is billed, opening a page that it found is not; code is billed by the container. Source:
https://platform.openai.com/docs/guides/tools-web-search, "Output and citations", and
https://platform.openai.com/docs/pricing, "Built-in tools".
"""

from collections.abc import Mapping
from typing import Any

from inference_plane.core import events, hosted_tools
from inference_plane.core.events import Event

_UNBILLED_ACTIONS = frozenset({"open_page", "find_in_page"})


class Counter:
    """Of one answer. `names` are those of the uses, by the type of an item."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._uses: dict[str, int] = {}
        self._containers: set[str] = set()

    def add(self, kind: str, action: Any, place: Any) -> list[Event]:
        """The uses so far, if this item is one. `place` is where code ran."""
        name = self._names.get(kind)
        if name is None or _is_unbilled(action):
            return []
        if name.startswith(hosted_tools.CODE_EXECUTION):
            self._containers.add(str(place))
            self._uses[name] = len(self._containers)
        else:
            self._uses[name] = self._uses.get(name, 0) + 1
        return [events.Served(uses=tuple(self._uses.items()))]


def _is_unbilled(action: Any) -> bool:
    return isinstance(action, dict) and action.get("type") in _UNBILLED_ACTIONS
