"""OpenAI's Responses API as an upstream: passed through, and decoded on the way.

Prompts are not translated into it. Where the caller uses it, too, its hosted tools, stored
responses and encrypted reasoning all work. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/responses-streaming.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from inference_plane.core import events, hosted_tools, vendor_json
from inference_plane.core.decoder import UpstreamRequest
from inference_plane.core.events import Event
from inference_plane.core.request import Request
from inference_plane.providers.openai import stored, tool_uses, usage
from shared.catalogue import Route

PATH = "/responses"
_write = msgspec.json.Encoder().encode
_TEXTS = frozenset({"response.output_text.delta"})
_THOUGHTS = frozenset({"response.reasoning_summary_text.delta", "response.reasoning_text.delta"})
_ARGUMENTS = frozenset(
    {
        "response.function_call_arguments.delta",
        "response.custom_tool_call_input.delta",
        "response.mcp_call_arguments.delta",
        "response.code_interpreter_call_code.delta",
    }
)
_CALLS = frozenset({"function_call", "custom_tool_call"})
_ENDS = frozenset({"response.completed", "response.incomplete"})


class _Item(msgspec.Struct):
    type: str = ""
    call_id: str = ""
    name: str = ""
    action: Any = None
    container_id: Any = None
    environment: Any = None


class _Incomplete(msgspec.Struct):
    reason: str = ""


class _Response(msgspec.Struct):
    id: str = ""
    model: str = ""
    created_at: float = 0
    usage: msgspec.Raw = msgspec.Raw()
    incomplete_details: _Incomplete | None = None
    error: Any = None
    output: msgspec.Raw = msgspec.Raw()
    service_tier: Any = None


class _Frame(msgspec.Struct):
    type: str = ""
    output_index: int = 0
    delta: Any = None
    item: _Item | None = None
    response: _Response | None = None
    error: Any = None
    message: str = ""


_read = vendor_json.reader(_Frame)


def patch(request: Request, route: Route, output_limit: int | None) -> UpstreamRequest:
    """The caller's body with our model name, streamed; `output_limit`, in tokens, where given.

    OpenAI stores every response for 30 days unless it is told not to.
    """
    fields: dict[str, Any] = dict(request.fields)
    fields["model"] = route.upstream_model
    fields["stream"] = True
    if fields.get("store") is None:
        fields["store"] = False
    if output_limit is not None:
        fields[request.limit_field] = output_limit
    uses = hosted_tools.uses_by_item(fields)
    decoder = ResponsesDecoder(stored=fields["store"] is True, uses=uses)
    return UpstreamRequest(PATH, _write(fields), decoder)


class ResponsesDecoder:
    """Decodes one stream. `stored`: OpenAI keeps the response. `uses` are the names of the uses of
    hosted tools, by the type of the item that reports one.
    """

    def __init__(self, *, stored: bool = False, uses: Mapping[str, str] | None = None) -> None:
        self._stored = stored
        self._called = False
        self._used = tool_uses.Counter(hosted_tools.uses_by_item({}) if uses is None else uses)

    def feed(self, payload: bytes) -> list[Event]:
        frame = _read(payload)
        if frame is None:
            return []
        if isinstance(frame.delta, str) and frame.delta:
            return _delta(frame)
        if frame.type == "response.created" and frame.response:
            response = frame.response
            started = events.Started(response.id, response.model, int(response.created_at))
            return [started, *usage.served(response.service_tier)]
        if frame.type == "response.output_item.added" and frame.item:
            return self._item(frame, frame.item)
        if frame.type == "response.output_item.done" and frame.item:
            item = frame.item
            return self._used.add(item.type, item.action, item.container_id or item.environment)
        if frame.type in _ENDS and frame.response:
            return self._ended(frame.response)
        if frame.type in ("error", "response.failed"):
            return [events.Failed(str(frame.error or frame.message or "response.failed"))]
        return []

    def finish(self) -> list[Event]:
        """Nothing: a stream without `response.completed` was cut off."""
        return []

    def _item(self, frame: _Frame, item: _Item) -> list[Event]:
        if item.type not in _CALLS:
            return []
        self._called = True
        return [events.ToolCalled(frame.output_index, item.call_id, item.name)]

    def _ended(self, response: _Response) -> list[Event]:
        cut = response.incomplete_details
        reason = events.TOOLS if self._called else events.STOP
        if cut is not None:
            reason = events.FILTER if cut.reason == "content_filter" else events.LENGTH
        kept = stored.kept_by(response.id, response.output, whole=self._stored)
        counted = usage.of_response(response.usage)
        served = usage.served(response.service_tier)
        return [events.Finished(reason), *kept, *served, *counted, events.Ended()]


def _delta(frame: _Frame) -> list[Event]:
    if frame.type in _TEXTS:
        return [events.Text(frame.delta)]
    if frame.type in _THOUGHTS:
        return [events.Thought(frame.delta)]
    if frame.type in _ARGUMENTS:
        return [events.Arguments(frame.output_index, frame.delta)]
    return [events.Refused(frame.delta)] if frame.type == "response.refusal.delta" else []
