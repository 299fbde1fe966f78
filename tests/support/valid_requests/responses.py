"""Requests for responses. Source: OpenAI API reference, `/responses/create`."""

from typing import Any

from hypothesis import strategies as st

from tests.support.judges.received import PICTURE
from tests.support.valid_requests.fields import SCHEMA, TOOL_SCHEMAS, some
from tests.support.valid_requests.talk import Message, talks

Body = dict[str, Any]
_TOOLS = [
    {"type": "function", "name": name, "parameters": schema, "strict": False}
    for name, schema in TOOL_SCHEMAS.items()
]
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "temperature": st.sampled_from([0, 0.5, 1]),
    "top_p": st.sampled_from([0.5, 1]),
    "max_output_tokens": st.sampled_from([16, 1_500, 40_000]),
    "instructions": st.sampled_from(["be", ""]),
    "metadata": st.just({"job": "7"}),
    "truncation": st.sampled_from(["auto", "disabled"]),
    "include": st.just(["reasoning.encrypted_content"]),
    "prompt_cache_key": st.just("k"),
    "client_metadata": st.just({"thread_id": "t"}),
    "reasoning": st.sampled_from([{"effort": "low"}, {"summary": "auto"}, {"effort": "high"}]),
    "parallel_tool_calls": st.booleans(),
    "tool_choice": st.sampled_from(
        ["auto", "none", "required", {"type": "function", "name": "look"}]
    ),
    "text": st.sampled_from(
        [
            {"format": {"type": "text"}},
            {"verbosity": "low"},
            {"format": {"type": "json_schema", "name": "x", "schema": SCHEMA}},
        ]
    ),
}


def requests() -> st.SearchStrategy[Body]:
    return st.builds(_body, talks(), some(_FIELDS), st.booleans())


def _body(talk: list[Message], fields: Body, with_tools: bool) -> Body:
    items = [each for message in talk for each in _items(message)]
    tools = {"tools": _TOOLS} if with_tools or any(message.calls for message in talk) else {}
    only = {
        n: v for n, v in fields.items() if tools or n not in ("tool_choice", "parallel_tool_calls")
    }
    return {"input": items} | tools | only


def _items(message: Message) -> list[Body]:
    kind = "output_text" if message.role == "assistant" else "input_text"
    content: list[Body] = (
        [{"type": kind, "text": message.text}] if message.text or not message.calls else []
    )
    if message.picture:
        content.append({"type": "input_image", "image_url": PICTURE.data_url, "detail": "auto"})
    spoken = [{"type": "message", "role": message.role, "content": content}] if content else []
    calls = [
        {"type": "function_call", "call_id": c.id, "name": c.name, "arguments": c.arguments}
        for c in message.calls
    ]
    results = [
        {"type": "function_call_output", "call_id": c.id, "output": c.result} for c in message.calls
    ]
    return [*spoken, *calls, *results]
