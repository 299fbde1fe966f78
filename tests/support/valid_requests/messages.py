"""Requests for messages. Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.support.judges.received import PICTURE
from tests.support.valid_requests.fields import SCHEMA, TOOL_SCHEMAS, some
from tests.support.valid_requests.talk import Message, strict_talks, talks

Body = dict[str, Any]
_TOOLS = [{"name": name, "input_schema": schema} for name, schema in TOOL_SCHEMAS.items()]
_IMAGE = {
    "type": "image",
    "source": {"type": "base64", "media_type": "image/png", "data": PICTURE.base64},
}
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "temperature": st.sampled_from([0, 0.5, 1]),
    "top_p": st.sampled_from([0.5, 1]),
    "top_k": st.just(5),
    "stop_sequences": st.just(["END"]),
    "system": st.sampled_from(["be", [{"type": "text", "text": "be"}]]),
    "metadata": st.just({"user_id": "u-1"}),
    "service_tier": st.just("auto"),
    "thinking": st.sampled_from(
        [{"type": "disabled"}, {"type": "adaptive"}, {"type": "enabled", "budget_tokens": 1_024}]
    ),
    "tool_choice": st.sampled_from(
        [
            {"type": "auto"},
            {"type": "any", "disable_parallel_tool_use": True},
            {"type": "none"},
            {"type": "tool", "name": "look"},
        ]
    ),
    "output_config": st.sampled_from(
        [
            {"effort": "low"},
            {"effort": "max"},
            {"format": {"type": "json_schema", "schema": SCHEMA}},
        ]
    ),
}


def requests() -> st.SearchStrategy[Body]:
    return st.builds(
        _body,
        strict_talks() | talks(),
        some(_FIELDS),
        st.booleans(),
        st.sampled_from([20, 3_000, 40_000]),
    )


def _body(talk: list[Message], fields: Body, with_tools: bool, limit: int) -> Body:
    messages = [each for message in talk for each in _messages(message)]
    tools = {"tools": _TOOLS} if with_tools or any(message.calls for message in talk) else {}
    only = {n: v for n, v in fields.items() if tools or n != "tool_choice"}
    return {"messages": messages, "max_tokens": limit} | tools | only


def _messages(message: Message) -> list[Body]:
    text = [{"type": "text", "text": message.text}] if message.text else []
    if not message.calls:
        content = [*text, _IMAGE] if message.picture else message.text
        return [{"role": message.role, "content": content}]
    uses = [
        {"type": "tool_use", "id": c.id, "name": c.name, "input": json.loads(c.arguments)}
        for c in message.calls
    ]
    results = [
        {"type": "tool_result", "tool_use_id": c.id, "content": c.result} for c in message.calls
    ]
    return [{"role": "assistant", "content": [*text, *uses]}, {"role": "user", "content": results}]
