"""The items of a streamed response while they grow: each opens, grows and closes by events.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses-streaming.
"""

from collections.abc import Iterator
from typing import Any, Protocol

from inference_plane.core import events
from inference_plane.core.prompt import Thinking, ToolCall
from inference_plane.surfaces.responses import objects
from inference_plane.surfaces.responses.namespaces import Namespaces

Body = dict[str, Any]


class OpenItem(Protocol):
    def open(self) -> Iterator[Body]: ...

    def close(self) -> Iterator[Body]: ...

    def item(self) -> Body: ...


class OpenText:
    """A message of one part: `part` is `output_text` or `refusal`."""

    def __init__(self, index: int, part: str) -> None:
        self.part = part
        self._text: list[str] = []
        self._id = objects.new_id("msg")
        self._place = {"item_id": self._id, "output_index": index, "content_index": 0}
        self._index = index

    def open(self) -> Iterator[Body]:
        item = objects.message_item(self._id, [], "in_progress")
        yield {"type": "response.output_item.added", "output_index": self._index, "item": item}
        yield {"type": "response.content_part.added", "part": self._part("")} | self._place

    def grow(self, text: str) -> Iterator[Body]:
        self._text.append(text)
        own: Body = {"logprobs": []} if self.part == "output_text" else {}
        yield {"type": f"response.{self.part}.delta", "delta": text} | own | self._place

    def close(self) -> Iterator[Body]:
        text = "".join(self._text)
        field = "text" if self.part == "output_text" else "refusal"
        own: Body = {"logprobs": []} if field == "text" else {}
        yield {"type": f"response.{self.part}.done", field: text} | own | self._place
        yield {"type": "response.content_part.done", "part": self._part(text)} | self._place
        yield _done(self._index, self.item())

    def item(self) -> Body:
        return objects.message_item(self._id, [self._part("".join(self._text))], "completed")

    def _part(self, text: str) -> Body:
        make = objects.text_part if self.part == "output_text" else objects.refusal_part
        return make(text)


class OpenThought:
    """A reasoning item: the thought is its summary, the signature its encrypted content."""

    def __init__(self, index: int, part: str) -> None:
        self.part = part
        self.signature: Thinking | None = None
        self._text: list[str] = []
        self._id = objects.new_id("rs")
        self._index = index
        self._place = {"item_id": self._id, "output_index": index, "summary_index": 0}

    def open(self) -> Iterator[Body]:
        item = objects.reasoning_item(self._id, Thinking())
        yield {"type": "response.output_item.added", "output_index": self._index, "item": item}

    def grow(self, text: str) -> Iterator[Body]:
        if not self._text:
            empty = {"type": "summary_text", "text": ""}
            yield {"type": "response.reasoning_summary_part.added", "part": empty} | self._place
        self._text.append(text)
        yield {"type": "response.reasoning_summary_text.delta", "delta": text} | self._place

    def close(self) -> Iterator[Body]:
        text = "".join(self._text)
        if text:
            part = {"type": "summary_text", "text": text}
            yield {"type": "response.reasoning_summary_text.done", "text": text} | self._place
            yield {"type": "response.reasoning_summary_part.done", "part": part} | self._place
        yield _done(self._index, self.item())

    def item(self) -> Body:
        signed, text = self.signature or Thinking(), "".join(self._text)
        thought = Thinking(text, signed.signature, signed.redacted, signed.origin)
        return objects.reasoning_item(self._id, thought)


class OpenCall:
    """A function call. Calls may grow side by side, so each knows its own place."""

    def __init__(self, index: int, event: events.ToolCalled, namespaces: Namespaces) -> None:
        self._called, self._namespaces = event, namespaces
        self._text: list[str] = []
        self._id, self._index = objects.new_id("fc"), index

    def open(self) -> Iterator[Body]:
        item = self._item("", "in_progress")
        yield {"type": "response.output_item.added", "output_index": self._index, "item": item}

    def grow(self, text: str) -> Iterator[Body]:
        self._text.append(text)
        yield {"type": "response.function_call_arguments.delta", "delta": text} | self._place()

    def close(self) -> Iterator[Body]:
        item = self.item()
        done = {"arguments": item["arguments"], "name": item["name"]}
        yield {"type": "response.function_call_arguments.done"} | done | self._place()
        yield _done(self._index, item)

    def item(self) -> Body:
        return self._item("".join(self._text), "completed")

    def _place(self) -> Body:
        return {"item_id": self._id, "output_index": self._index}

    def _item(self, arguments: str, status: str) -> Body:
        call = ToolCall(self._called.id, self._called.name, arguments)
        return objects.call_item(self._id, call, status, self._namespaces)


def _done(index: int, item: Body) -> Body:
    return {"type": "response.output_item.done", "output_index": index, "item": item}
