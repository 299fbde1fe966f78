"""The objects of the Responses API: the response itself, its items, its usage.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses/object.
"""

import time
import uuid
from typing import Any

from inference_plane.core import events, signatures
from inference_plane.core.prompt import Refusal, Text, Thinking, ToolCall
from inference_plane.core.writer import Bill
from inference_plane.surfaces.responses import NATIVE_ORIGIN
from inference_plane.surfaces.responses.namespaces import Namespaces

Body = dict[str, Any]
ECHOED = frozenset(
    {
        "instructions",
        "max_output_tokens",
        "metadata",
        "parallel_tool_calls",
        "reasoning",
        "temperature",
        "text",
        "tool_choice",
        "tools",
        "top_p",
        "truncation",
        "user",
    }
)
"""The caller's settings that a response repeats."""


def new_id(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex}"


def response(model: str, settings: Body) -> Body:
    """A response in progress; `settings` are the caller's ECHOED fields, by name."""
    return (
        {
            "id": new_id("resp"),
            "object": "response",
            "created_at": int(time.time()),
            "status": "in_progress",
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "max_output_tokens": None,
            "metadata": {},
            "output": [],
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "reasoning": {"effort": None, "summary": None},
            "temperature": None,
            "text": {"format": {"type": "text"}},
            "tool_choice": "auto",
            "tools": [],
            "top_p": None,
            "truncation": "disabled",
            "usage": None,
        }
        | settings
        | {"model": model, "store": False}
    )


def finished(begun: Body, output: list[Body], reason: str, bill: Bill) -> Body:
    """The response at its end: `completed`, or `incomplete` with the reason."""
    cut = {events.LENGTH: "max_output_tokens", events.FILTER: "content_filter"}.get(reason)
    return begun | {
        "status": "incomplete" if cut else "completed",
        "incomplete_details": {"reason": cut} if cut else None,
        "output": output,
        "usage": usage(bill),
        "credits": bill.credits(),
    }


def usage(bill: Bill) -> Body:
    used = bill.used
    return {
        "input_tokens": used.prompt,
        "input_tokens_details": {
            "cached_tokens": used.cache_read,
            "cache_write_tokens": used.cache_write,
        },
        "output_tokens": used.output,
        "output_tokens_details": {"reasoning_tokens": used.reasoning},
        "total_tokens": used.total,
        "credits_used": bill.deducted,
    }


def text_part(text: str) -> Body:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def refusal_part(text: str) -> Body:
    return {"type": "refusal", "refusal": text}


def message_item(item_id: str, content: list[Body], status: str) -> Body:
    return {
        "id": item_id,
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": content,
    }


def call_item(item_id: str, call: ToolCall, status: str, namespaces: Namespaces) -> Body:
    namespace, name = namespaces.get(call.name, ("", call.name))
    item = {
        "id": item_id,
        "type": "function_call",
        "call_id": call.id,
        "name": name,
        "arguments": call.arguments,
        "status": status,
    }
    return item | ({"namespace": namespace} if namespace else {})


def reasoning_item(item_id: str, thought: Thinking) -> Body:
    summary = [{"type": "summary_text", "text": thought.text}] if thought.text else []
    item: Body = {"id": item_id, "type": "reasoning", "summary": summary}
    if thought.redacted:
        origin = f"{thought.origin}-redacted"
        item["encrypted_content"] = signatures.mark(origin, thought.redacted, NATIVE_ORIGIN)
    elif thought.signature:
        item["encrypted_content"] = signatures.mark(
            thought.origin, thought.signature, NATIVE_ORIGIN
        )
    return item


def items_of(
    parts: list[Text | Thinking | ToolCall | Refusal], namespaces: Namespaces
) -> list[Body]:
    """The answer's parts as completed items; a signature's item precedes the call it signs."""
    items: list[Body] = []
    for part in parts:
        match part:
            case Text(text=text):
                items.append(message_item(new_id("msg"), [text_part(text)], "completed"))
            case Refusal(text=text):
                items.append(message_item(new_id("msg"), [refusal_part(text)], "completed"))
            case Thinking():
                items.append(reasoning_item(new_id("rs"), part))
            case ToolCall():
                if part.signature:
                    signature = Thinking("", part.signature, origin=part.origin)
                    items.append(reasoning_item(new_id("rs"), signature))
                items.append(call_item(new_id("fc"), part, "completed", namespaces))
    return items
