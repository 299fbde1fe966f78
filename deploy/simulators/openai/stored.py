"""What OpenAI keeps for an organization, here for a key: stored responses and their items.

Nothing else can be made here, so every other id is unknown. Source of the words: OpenAI's own
errors as users quote them, https://github.com/earendil-works/pi/issues/3369 (items, status 404) and
https://github.com/Soju06/codex-lb/issues/853 (responses, status 400).
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from deploy.simulators.openai.errors import body, invalid
from deploy.simulators.refusal import Refusal

SIZE_MAX = 500


@dataclass(slots=True)
class Stored:
    """Stored responses by key and id, with the calls that have no output yet, and their items."""

    open_calls: "OrderedDict[tuple[str, str], set[str]]" = field(default_factory=OrderedDict)
    items: "OrderedDict[tuple[str, str], None]" = field(default_factory=OrderedDict)

    def keep(self, key: str, response_id: str, calls: set[str], items: list[str]) -> None:
        self.open_calls[key, response_id] = calls
        self.items.update({(key, each): None for each in items})
        while len(self.open_calls) > SIZE_MAX:
            self.open_calls.popitem(last=False)
        while len(self.items) > 8 * SIZE_MAX:
            self.items.popitem(last=False)

    def calls_of(self, key: str, response_id: str | None) -> set[str]:
        """Raises `Refusal` for a response that was never stored under this key."""
        if response_id is None:
            return set()
        if (key, response_id) not in self.open_calls:
            message = f"Previous response with id '{response_id}' not found."
            raise invalid(message, "previous_response_id", "previous_response_not_found")
        return set(self.open_calls[key, response_id])

    def check(self, key: str, request: dict[str, Any]) -> None:
        """Raises `Refusal` for an id of anything else that is not kept under this key."""
        for kind, each in _named(request):
            if kind != "Item" or (key, each) not in self.items:
                raise _missing(kind, each)


def check_stored(request: dict[str, Any]) -> None:
    """Raises `Refusal` for a file or a spoken answer in a chat: none is kept here."""
    for kind, each in _files(request.get("messages")):
        raise _missing(kind, each)
    for message in request["messages"]:
        audio = message.get("audio")
        if audio:
            raise _missing("Audio", str(audio.get("id")))


def key_of(request: web.Request) -> str:
    return request.headers.get("Authorization", "")


def _missing(kind: str, missing: str) -> Refusal:
    more = (
        " Items are not persisted when `store` is set to false. Try again with `store` set to true,"
        " or remove this item from your input."
    )
    message = f"{kind} with id '{missing}' not found.{more if kind == 'Item' else ''}"
    return Refusal(404, body(message, param="input" if kind == "Item" else None))


def _named(request: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The kind and the id of everything that the request refers to."""
    for name in ("conversation", "prompt"):
        value = request.get(name)
        found = value.get("id") if isinstance(value, dict) else value
        if isinstance(found, str):
            yield name.capitalize(), found
    items = request.get("input")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and _is_looked_up(item):
            yield "Item", str(item.get("id"))
    yield from _files(request.get("input"))
    yield from _files(request.get("tools"))


def _is_looked_up(item: dict[str, Any]) -> bool:
    sealed = item.get("type") == "reasoning" and item.get("encrypted_content")
    return item.get("type") in ("item_reference", "reasoning") and not sealed


def _files(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for each in value:
            yield from _files(each)
    elif isinstance(value, dict):
        for name, kind in _KINDS.items():
            found = value.get(name)
            for each in found if isinstance(found, list) else [found]:
                if isinstance(each, str):
                    yield kind, each
        for each in value.values():
            yield from _files(each)


_KINDS = {
    "file_id": "File",
    "file_ids": "File",
    "vector_store_ids": "Vector store",
    "container": "Container",
    "container_id": "Container",
}
