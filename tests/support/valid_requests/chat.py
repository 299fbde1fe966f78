"""Requests for chat completions. Source: OpenAI API reference, `/chat/create`."""

from typing import Any

from hypothesis import strategies as st

from tests.support.judges.received import PICTURE
from tests.support.valid_requests.fields import SCHEMA, TOOL_SCHEMAS, some
from tests.support.valid_requests.talk import Message, talks

Body = dict[str, Any]
_TOOLS = [
    {"type": "function", "function": {"name": name, "parameters": schema}}
    for name, schema in TOOL_SCHEMAS.items()
]
_NAMED = {"type": "function", "function": {"name": "look"}}
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "temperature": st.sampled_from([0, 0.5, 1]),
    "top_p": st.sampled_from([0.5, 1]),
    "max_completion_tokens": st.sampled_from([1, 20, 1_500, 40_000]),
    "stop": st.sampled_from(["END", ["END", "STOP"]]),
    "seed": st.sampled_from([0, 7]),
    "presence_penalty": st.sampled_from([0, 0.5]),
    "frequency_penalty": st.sampled_from([0, -0.5]),
    "n": st.just(1),
    "user": st.just("u-1"),
    "store": st.booleans(),
    "metadata": st.just({"job": "7"}),
    "verbosity": st.sampled_from(["low", "medium"]),
    "reasoning_effort": st.sampled_from(["none", "minimal", "low", "medium", "high", "xhigh"]),
    "parallel_tool_calls": st.booleans(),
    "tool_choice": st.sampled_from(["auto", "none", "required", _NAMED]),
    "response_format": st.sampled_from(
        [
            {"type": "text"},
            {"type": "json_object"},
            {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}},
            {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA, "strict": True}},
        ]
    ),
}


def requests() -> st.SearchStrategy[Body]:
    return st.builds(_body, talks(), some(_FIELDS), st.booleans())


def _body(talk: list[Message], fields: Body, with_tools: bool) -> Body:
    messages = [each for message in talk for each in _messages(message)]
    called = any(message.calls for message in talk)
    tools = {"tools": _TOOLS} if with_tools or called else {}
    only = {
        n: v for n, v in fields.items() if tools or n not in ("tool_choice", "parallel_tool_calls")
    }
    return {"messages": messages} | tools | only


def _messages(message: Message) -> list[Body]:
    if message.calls:
        calls = [
            {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
            for c in message.calls
        ]
        results = [
            {"role": "tool", "tool_call_id": c.id, "content": c.result} for c in message.calls
        ]
        return [
            {"role": "assistant", "content": message.text or None, "tool_calls": calls},
            *results,
        ]
    if message.picture:
        picture = {"type": "image_url", "image_url": {"url": PICTURE.data_url}}
        return [
            {"role": message.role, "content": [{"type": "text", "text": message.text}, picture]}
        ]
    return [{"role": message.role, "content": message.text}]
