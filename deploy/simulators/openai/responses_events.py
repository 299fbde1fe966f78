"""A response on the wire: the events that build it item by item, and the complete object.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses-streaming.
Seen in recorded answers.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from deploy.simulators.answers import Answer, Call
from deploy.simulators.openai.responses_object import ResponseObject
from deploy.simulators.openai.responses_requests import ResponseRequest

Event = dict[str, Any]


class Events:
    """One answer, as numbered events or as one object."""

    def __init__(self, parsed: ResponseRequest, answer: Answer, response: ResponseObject) -> None:
        self._answer, self._object = answer, response
        options = parsed.stream_options
        self._bare = options is not None and options.include_obfuscation is False

    def response(self) -> dict[str, Any]:
        """The finished response. Only the plain one has `billing`."""
        found = self._object.response(self._object.status(), self._object.items())
        before = {"id", "object", "created_at", "status", "background"}
        head = {key: found.pop(key) for key in list(found) if key in before}
        return head | {"billing": {"payer": "developer"}} | found

    def stream(self) -> list[bytes]:
        return [_frame(event, number) for number, event in enumerate(self._events())]

    def failure(self, number: int, secret: str) -> bytes:
        """The events that replace the rest of the stream: the error, the failed response."""
        message = f"The server had an error while processing your request.{secret}"
        error = {"type": "server_error", "code": "server_error", "message": message, "param": None}
        failed = self._object.response("failed", [])
        failed["error"] = {"code": "server_error", "message": message}
        ended: list[Event] = [
            {"type": "error", "error": error},
            {"type": "response.failed", "response": failed},
        ]
        return b"".join(_frame(event, place) for place, event in enumerate(ended, number - 1))

    def _events(self) -> Iterator[Event]:
        opened = self._object.response("in_progress", [])
        yield {"type": "response.created", "response": opened}
        yield {"type": "response.in_progress", "response": opened}
        place = 0
        if self._answer.thoughts:
            yield from self._reasoning_events(place)
            place += 1
        for item in self._object.tool_items():
            yield _item_event("added", place, item | {"status": "in_progress"})
            yield _item_event("done", place, item)
            place += 1
        if self._object.speaks:
            yield from self._message_events(place)
            place += 1
        for number, call in enumerate(self._answer.calls):
            yield from self._call_events(place, number, call)
            place += 1
        status = self._object.status()
        yield {
            "type": f"response.{status}",
            "response": self._object.response(status, self._object.items()),
        }

    def _reasoning_events(self, place: int) -> Iterator[Event]:
        item = self._object.reasoning_item()
        shown = item["summary"]
        where = {"item_id": item["id"], "output_index": place}
        yield _item_event("added", place, item | {"summary": []})
        if shown:
            inner = where | {"summary_index": 0}
            name = "response.reasoning_summary"
            empty = {"type": "summary_text", "text": ""}
            yield {"type": f"{name}_part.added"} | inner | {"part": empty}
            for thought in self._answer.thoughts:
                delta = {"type": f"{name}_text.delta"} | inner | {"delta": thought}
                yield self._obfuscated(delta)
            yield {"type": f"{name}_text.done"} | inner | {"text": self._answer.thought}
            yield {"type": f"{name}_part.done"} | inner | {"part": shown[0]}
        yield _item_event("done", place, item)

    def _message_events(self, place: int) -> Iterator[Event]:
        item = self._object.message_item()
        part = item["content"][0]
        refused = part["type"] == "refusal"
        where = {"item_id": item["id"], "output_index": place, "content_index": 0}
        yield _item_event("added", place, item | {"status": "in_progress", "content": []})
        empty = part | ({"refusal": ""} if refused else {"text": ""})
        yield {"type": "response.content_part.added"} | where | {"part": empty}
        name = "response.refusal" if refused else "response.output_text"
        logprobs: dict[str, Any] = {} if refused else {"logprobs": []}
        for piece in self._answer.pieces:
            delta = {"type": f"{name}.delta"} | where | {"delta": piece} | logprobs
            yield self._obfuscated(delta)
        prompt_text = {"refusal": part["refusal"]} if refused else {"text": part["text"]}
        yield {"type": f"{name}.done"} | where | prompt_text | logprobs
        yield {"type": "response.content_part.done"} | where | {"part": part}
        yield _item_event("done", place, item)

    def _call_events(self, place: int, number: int, call: Call) -> Iterator[Event]:
        item = self._object.call_item(number, call)
        where = {"item_id": item["id"], "output_index": place}
        name = "response.function_call_arguments"
        yield _item_event("added", place, item | {"status": "in_progress", "arguments": ""})
        for piece in call.pieces:
            yield self._obfuscated({"type": f"{name}.delta"} | where | {"delta": piece})
        yield {"type": f"{name}.done"} | where | {"arguments": call.text}
        yield _item_event("done", place, item)

    def _obfuscated(self, event: Event) -> Event:
        return event if self._bare else event | {"obfuscation": self._object.key[:12]}


def _item_event(step: str, place: int, item: dict[str, Any]) -> Event:
    return {"type": f"response.output_item.{step}", "output_index": place, "item": item}


def _frame(event: Event, number: int) -> bytes:
    kind = str(event["type"])
    numbered = {"type": kind, "sequence_number": number} | event
    return b"event: " + kind.encode() + b"\ndata: " + msgspec.json.encode(numbered) + b"\n\n"
