"""Writes requests for messages: the caller's own body, or a prompt.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages.
"""

from typing import Any

import msgspec

from inference_plane.core import budgets, conversation
from inference_plane.core.decoder import UpstreamRequest
from inference_plane.core.prompt import (
    Format,
    Inexpressible,
    Prompt,
    Thinking,
    Tool,
    ToolChoice,
    ToolResult,
)
from inference_plane.core.request import Request
from inference_plane.providers.anthropic import ORIGIN, served
from inference_plane.providers.anthropic.content import system_of, turn_of
from inference_plane.providers.anthropic.decode import JSON_TOOL, MessagesDecoder
from inference_plane.providers.anthropic.schema import supported
from shared.catalogue import Route

PATH = "/v1/messages"
LIMIT_DEFAULT = 4_096
"""Anthropic requires a limit: this one, where neither the caller nor the model has one."""

BUDGET_MIN = 1_024
TOP_P_MIN = 0.95
_BUDGETS = {"minimal": 1_024, "low": 1_024, "medium": 8_192, "high": 24_576, "xhigh": 32_768}
_write = msgspec.json.Encoder().encode


def patch(request: Request, route: Route, output_limit: int | None) -> UpstreamRequest:
    """The caller's body with our model name, streamed; `output_limit`, in tokens, where given."""
    fields: dict[str, Any] = dict(request.fields)
    fields["model"] = route.upstream_model
    fields["stream"] = True
    if output_limit is not None:
        fields[request.limit_field] = output_limit
    runs_code = served.runs_code(fields)
    return UpstreamRequest(PATH, _write(fields), MessagesDecoder(runs_code=runs_code))


def encode(prompt: Prompt, route: Route, output_limit: int | None) -> UpstreamRequest:
    """The prompt as a body. Raises Inexpressible for what messages have no field for."""
    _check(prompt)
    prompt = conversation.strict(prompt)
    limit = output_limit or prompt.max_tokens or LIMIT_DEFAULT
    as_json = _is_json_mode(prompt)
    thinking = _thinking(prompt, limit, is_callers=output_limit is None)
    if thinking and thinking["type"] == "enabled":
        _check_sampling(prompt)
    fields = {
        "model": route.upstream_model,
        "max_tokens": limit,
        "stream": True,
        "system": system_of(prompt.system),
        "messages": [turn_of(turn) for turn in prompt.turns],
        "temperature": prompt.temperature,
        "top_p": prompt.top_p,
        "top_k": prompt.top_k,
        "stop_sequences": list(prompt.stop) or None,
        "tools": [_tool(tool) for tool in prompt.tools] or None,
        "tool_choice": _tool_choice(prompt.tool_choice, prompt.parallel_tool_calls)
        if prompt.tools
        else None,
        "thinking": thinking,
        "output_config": _format(prompt.format),
        "metadata": {"user_id": prompt.user} if prompt.user else None,
    }
    if as_json:
        fields |= _json_mode(prompt)
    kept = {name: value for name, value in fields.items() if value is not None}
    return UpstreamRequest(PATH, _write(kept), MessagesDecoder(as_json=as_json))


def _check(prompt: Prompt) -> None:
    if prompt.seed is not None:
        raise Inexpressible("seed")
    for field in ("presence_penalty", "frequency_penalty"):
        if getattr(prompt, field):  # 0 is no penalty
            raise Inexpressible(field)
    if prompt.n > 1:
        raise Inexpressible("n", "only one answer is possible")
    if prompt.temperature is not None and prompt.temperature > 1:
        raise Inexpressible("temperature", "it must be between 0 and 1")
    if not all(each.strip() for each in prompt.stop):
        raise Inexpressible("stop", "a stop sequence of nothing but white space")


def _check_sampling(prompt: Prompt) -> None:
    """What Anthropic refuses beside thinking: the guide to extended thinking, "Compatibility"."""
    if prompt.temperature not in (None, 1):
        raise Inexpressible("temperature", "with reasoning it must be 1")
    if prompt.top_p is not None and prompt.top_p < TOP_P_MIN:
        raise Inexpressible("top_p", f"with reasoning it must be at least {TOP_P_MIN}")
    if prompt.top_k is not None:
        raise Inexpressible("top_k", "it cannot be combined with reasoning")


def _tool(tool: Tool) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": tool.name,
        "input_schema": _parameters(tool),
    }
    if tool.description:
        written["description"] = tool.description
    if tool.strict:
        written["strict"] = True
    if tool.cache is not None:
        written["cache_control"] = tool.cache
    return written


def _parameters(tool: Tool) -> dict[str, Any]:
    """A strict tool's schema has the limits of structured outputs."""
    parameters = tool.parameters or {"type": "object", "properties": {}}
    return supported(parameters) if tool.strict else parameters


def _tool_choice(
    tool_choice: ToolChoice | None, parallel_tool_calls: bool | None
) -> dict[str, Any] | None:
    if tool_choice is None and parallel_tool_calls is None:
        return None
    mode = tool_choice.mode if tool_choice else "auto"
    if mode == "none":
        return {"type": "none"}
    written: dict[str, Any] = {"type": {"required": "any", "named": "tool"}.get(mode, mode)}
    if tool_choice and tool_choice.mode == "named":
        written["name"] = tool_choice.name
    if parallel_tool_calls is not None:
        written["disable_parallel_tool_use"] = not parallel_tool_calls
    return written


def _lost_thoughts(prompt: Prompt) -> bool:
    """Whether tool results follow a turn whose thoughts did not come back, or are another vendor's.

    Many clients drop thoughts. Anthropic refuses such a turn with thinking on, and accepts it with
    thinking off.
    """
    if not prompt.turns or not any(isinstance(p, ToolResult) for p in prompt.turns[-1].parts):
        return False
    turn = next((each for each in reversed(prompt.turns) if each.role == "assistant"), None)
    own = turn.parts if turn else ()
    return not any(isinstance(part, Thinking) and part.origin == ORIGIN for part in own)


def _thinking(prompt: Prompt, limit: int, *, is_callers: bool) -> dict[str, Any] | None:
    """Where a tool is forced there are no thoughts: Anthropic refuses the two together.

    `is_callers` False: `limit` is what the balance pays for, and may leave nothing for thoughts.
    """
    reasoning = prompt.reasoning
    if reasoning is None or _lost_thoughts(prompt):
        return None
    if reasoning.off or reasoning.effort == "none":
        return {"type": "disabled"}
    if _forces_a_tool(prompt):
        return None
    budget = budgets.fitted(reasoning.budget or _BUDGETS.get(reasoning.effort, 8_192), limit)
    if budget >= BUDGET_MIN:
        return {"type": "enabled", "budget_tokens": budget}
    if is_callers:
        raise Inexpressible("reasoning", f"it requires a limit above {BUDGET_MIN * 5 // 4} tokens")
    return None


def _forces_a_tool(prompt: Prompt) -> bool:
    choice = prompt.tool_choice.mode if prompt.tool_choice and prompt.tools else ""
    return choice in ("required", "named") or _is_json_mode(prompt)


def _is_json_mode(prompt: Prompt) -> bool:
    return prompt.format is not None and prompt.format.schema is None


def _format(format_: Format | None) -> dict[str, Any] | None:
    if format_ is None or format_.schema is None:
        return None
    return {"format": {"type": "json_schema", "schema": supported(format_.schema)}}


def _json_mode(prompt: Prompt) -> dict[str, Any]:
    """JSON mode: a forced tool with an open schema, whose input is the answer."""
    if prompt.tools:
        raise Inexpressible("format", "JSON mode cannot be combined with tools; use a schema")
    tool = {
        "name": JSON_TOOL,
        "description": "Respond with a JSON object.",
        "input_schema": {"type": "object", "additionalProperties": True},
    }
    choice = {"type": "tool", "name": JSON_TOOL, "disable_parallel_tool_use": True}
    return {"tools": [tool], "tool_choice": choice}
