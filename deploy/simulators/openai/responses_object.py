"""A response as an object: its items with their ids, its settings, its usage.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses/object. Seen
in recorded answers.
"""

import time
import uuid
from typing import Any

from deploy.simulators import signatures
from deploy.simulators.answers import Answer, Call, Counts
from deploy.simulators.directive import Directive
from deploy.simulators.openai import hosted
from deploy.simulators.openai.chat_frames import bills_cache_writes, served_tier
from deploy.simulators.openai.responses_requests import ResponseRequest
from deploy.simulators.openai.responses_turns import PURPOSE

_ENCRYPTED = "reasoning.encrypted_content"


class ResponseObject:
    """One answer. Its ids are created once, so that events and the object have the same."""

    def __init__(
        self, parsed: ResponseRequest, body: dict[str, Any], answer: Answer, directive: Directive
    ) -> None:
        self._parsed, self._body, self._answer = parsed, body, answer
        self._directive = directive
        self.key = uuid.uuid4().hex
        self._created = int(time.time())
        self.id = f"resp_{self.key}"

    @property
    def speaks(self) -> bool:
        return bool(self._answer.pieces) or not self._answer.calls

    def call_id(self, number: int) -> str:
        return f"call_{self.key[:22]}{number:02}"

    def status(self) -> str:
        return "incomplete" if self._answer.end == "length" else "completed"

    def items(self) -> list[dict[str, Any]]:
        items = [self.reasoning_item()] if self._answer.thoughts else []
        items += self.tool_items()
        items += [self.message_item()] if self.speaks else []
        return items + [self.call_item(n, call) for n, call in enumerate(self._answer.calls)]

    def reasoning_item(self) -> dict[str, Any]:
        item: dict[str, Any] = {"id": f"rs_{self.key}", "type": "reasoning"}
        if _ENCRYPTED in (self._parsed.include or ()):
            item["encrypted_content"] = signatures.sign(PURPOSE, self._answer.thought)
        wanted = self._parsed.reasoning
        shown = wanted is not None and (wanted.summary or wanted.generate_summary) is not None
        summary = [{"type": "summary_text", "text": self._answer.thought}] if shown else []
        return item | {"summary": summary}

    def tool_items(self) -> list[dict[str, Any]]:
        """The uses of hosted tools, as often as the directive says, and pages that are opened."""
        return hosted.items_of(self._body.get("tools") or [], self._directive.uses, self.key)

    def message_item(self) -> dict[str, Any]:
        text: dict[str, Any] = {"type": "output_text", "annotations": [], "logprobs": []}
        part = text | {"text": self._answer.text}
        if self._answer.end == "refusal":
            part = {"type": "refusal", "refusal": self._answer.text}
        return {
            "id": f"msg_{self.key}",
            "type": "message",
            "status": self.status(),
            "content": [part],
            "role": "assistant",
        }

    def call_item(self, number: int, call: Call) -> dict[str, Any]:
        return {
            "id": f"fc_{self.key}{number:02}",
            "type": "function_call",
            "status": "completed",
            "arguments": call.text,
            "call_id": self.call_id(number),
            "name": call.name,
        }

    def response(self, status: str, items: list[dict[str, Any]]) -> dict[str, Any]:
        parsed, body = self._parsed, self._body
        done = status in ("completed", "incomplete")
        reasoning, text = body.get("reasoning") or {}, body.get("text") or {}
        cut = {"reason": "max_output_tokens"} if status == "incomplete" else None
        return {
            "id": self.id,
            "object": "response",
            "created_at": self._created,
            "status": status,
            "background": False,
            "error": None,
            "incomplete_details": cut,
            "instructions": parsed.instructions,
            "max_output_tokens": parsed.max_output_tokens,
            "max_tool_calls": parsed.max_tool_calls,
            "model": parsed.model,
            "output": items,
            "parallel_tool_calls": parsed.parallel_tool_calls is not False,
            "previous_response_id": parsed.previous_response_id,
            "prompt_cache_key": parsed.prompt_cache_key,
            "prompt_cache_retention": parsed.prompt_cache_retention,
            "reasoning": {
                "effort": reasoning.get("effort"),
                "summary": reasoning.get("summary"),
            },
            "safety_identifier": parsed.safety_identifier,
            "service_tier": self._tier() if done else "auto",
            "store": parsed.store is not False,
            "temperature": 1 if parsed.temperature is None else parsed.temperature,
            "text": {
                "format": text.get("format") or {"type": "text"},
                "verbosity": text.get("verbosity") or "medium",
            },
            "tool_choice": body.get("tool_choice") or "auto",
            "tools": [_tool(each) for each in body.get("tools") or ()],
            "top_logprobs": parsed.top_logprobs or 0,
            "top_p": 1 if parsed.top_p is None else parsed.top_p,
            "truncation": parsed.truncation or "disabled",
            "usage": self.usage() if done else None,
            "user": parsed.user,
            "metadata": parsed.metadata or {},
        }

    def _tier(self) -> str:
        return self._directive.tier or served_tier(self._parsed.service_tier)

    def _prompt_details(self, counts: Counts) -> dict[str, int]:
        written = bills_cache_writes(self._parsed.model)
        return {"cached_tokens": counts.cached} | (
            {"cache_write_tokens": counts.written} if written else {}
        )

    def usage(self) -> dict[str, Any] | None:
        counts = self._answer.counts
        if counts is None:
            return None
        return {
            "input_tokens": counts.prompt,
            "input_tokens_details": self._prompt_details(counts),
            "output_tokens": counts.output,
            "output_tokens_details": {"reasoning_tokens": counts.reasoning},
            "total_tokens": counts.prompt + counts.output,
        }


def _tool(value: dict[str, Any]) -> dict[str, Any]:
    if value.get("type") != "function":
        return value
    return {"description": None, "parameters": None} | value | {"strict": value.get("strict", True)}
