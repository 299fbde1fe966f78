"""A response from the canonical format: its events, or one buffered response.

Every item is opened, grown and closed in the order that OpenAI documents; clients build the
response from these events alone. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/responses-streaming.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from inference_plane.core import events, sse
from inference_plane.core.buffering import BufferedAnswer
from inference_plane.core.events import Event
from inference_plane.core.prompt import Thinking
from inference_plane.core.writer import Bill
from inference_plane.surfaces.responses import namespaces, objects
from inference_plane.surfaces.responses.open_items import OpenCall, OpenItem, OpenText, OpenThought

_write = msgspec.json.Encoder().encode
Body = dict[str, Any]


class Streamed:
    def __init__(self, model: str, settings: Body) -> None:
        self._response = objects.response(model, settings)
        self._namespaces = namespaces.of_tools(settings.get("tools"))
        self._number = 0
        self._begun = False
        self._open: OpenItem | None = None
        self._calls: dict[int, OpenCall] = {}
        self._items: list[OpenItem] = []
        self._reason = events.LENGTH

    def frame(self, frame: bytes, payload: bytes, events_: Sequence[Event]) -> bytes:
        return b"".join(self._event(body) for event in events_ for body in self._take(event))

    def tail(self, bill: Bill) -> bytes:
        bodies = [*self._begin(), *self._close()]
        for call in self._calls.values():
            bodies += call.close()
        output = [item.item() for item in self._items]
        response = objects.finished(self._response, output, self._reason, bill)
        bodies.append({"type": f"response.{response['status']}", "response": response})
        return b"".join(self._event(body) for body in bodies)

    def _event(self, body: Body) -> bytes:
        numbered = body | {"sequence_number": self._number}
        self._number += 1
        return b"event: " + str(body["type"]).encode() + b"\n" + sse.frame(_write(numbered))

    def _begin(self) -> Iterator[Body]:
        if not self._begun:
            self._begun = True
            yield {"type": "response.created", "response": self._response}
            yield {"type": "response.in_progress", "response": self._response}

    def _take(self, event: Event) -> Iterator[Body]:
        yield from self._begin()
        match event:
            case events.Text(text=text):
                yield from self._grow(OpenText, "output_text", text)
            case events.Refused(text=text):
                yield from self._grow(OpenText, "refusal", text)
            case events.Thought(text=text):
                yield from self._grow(OpenThought, "", text)
            case events.Signed(signature=signature, origin=origin):
                yield from self._sign(Thinking("", signature, origin=origin))
            case events.Redacted(data=data, origin=origin):
                yield from self._close()
                yield from self._sign(Thinking(redacted=data, origin=origin))
            case events.ToolCalled():
                yield from self._call(event)
            case events.Arguments(index=index, text=text) if index in self._calls:
                yield from self._calls[index].grow(text)
            case events.Finished(reason=reason):
                self._reason = reason

    def _grow(self, kind: type[OpenText | OpenThought], part: str, text: str) -> Iterator[Body]:
        item = self._open
        if not isinstance(item, kind) or item.part != part:
            yield from self._close()
            item = kind(len(self._items), part)
            yield from self._add(item)
            self._open = item
        yield from item.grow(text)

    def _sign(self, signature: Thinking) -> Iterator[Body]:
        """A signature closes the reasoning item before it; alone it is an item of its own."""
        item = self._open
        if not isinstance(item, OpenThought):
            yield from self._close()
            item = OpenThought(len(self._items), "")
            yield from self._add(item)
            self._open = item
        item.signature = signature
        yield from self._close()

    def _call(self, event: events.ToolCalled) -> Iterator[Body]:
        yield from self._close()
        if event.signature:
            yield from self._sign(Thinking("", event.signature, origin=event.origin))
        call = OpenCall(len(self._items), event, self._namespaces)
        self._calls[event.index] = call
        yield from self._add(call)

    def _add(self, item: OpenItem) -> Iterator[Body]:
        self._items.append(item)
        yield from item.open()

    def _close(self) -> Iterator[Body]:
        item, self._open = self._open, None
        if item is not None:
            yield from item.close()


class Buffered(BufferedAnswer):
    def __init__(self, model: str, settings: Body) -> None:
        super().__init__()
        self._response = objects.response(model, settings)
        self._namespaces = namespaces.of_tools(settings.get("tools"))

    def tail(self, bill: Bill) -> bytes:
        choice = self._answer.choices[0]
        output = objects.items_of(choice.parts, self._namespaces)
        return _write(objects.finished(self._response, output, choice.reason, bill))
