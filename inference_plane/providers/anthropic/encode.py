"""Writes requests for messages: the caller's own body, or a prompt.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages.
"""

from typing import Any

import msgspec

from inference_plane.core import conversation, hints
from inference_plane.core.decoder import UpstreamRequest
from inference_plane.core.prompt import (
    Format,
    Inexpressible,
    Prompt,
    Tool,
    ToolChoice,
)
from inference_plane.core.request import Request
from inference_plane.providers.anthropic import (
    families,
    instructions,
    json_mode,
    served,
    thinking,
)
from inference_plane.providers.anthropic.content import system_of, turn_of
from inference_plane.providers.anthropic.decode import MessagesDecoder
from inference_plane.providers.anthropic.schema import is_supported, supported
from inference_plane.providers.anthropic.thinking import Thoughts
from shared.catalogue import Route

PATH = "/v1/messages"
LIMIT_DEFAULT = 4_096
"""Anthropic requires a limit: this one, where neither the caller nor the model has one."""

TOP_P_MIN = 0.95
_write = msgspec.json.Encoder().encode


def patch(request: Request, route: Route, output_limit: int | None) -> UpstreamRequest:
    """The caller's body with our model name, streamed; `output_limit`, in tokens, where given."""
    fields: dict[str, Any] = dict(request.fields)
    fields["model"] = route.upstream_model
    fields["stream"] = True
    fields["messages"] = instructions.placed(fields.get("messages"), route.upstream_model)
    if output_limit is not None:
        fields[request.limit_field] = output_limit
        fields |= thinking.within(fields.get("thinking"), output_limit)
    runs_code = served.runs_code(fields)
    return UpstreamRequest(PATH, _write(fields), MessagesDecoder(runs_code=runs_code))


def encode(prompt: Prompt, route: Route, output_limit: int | None) -> UpstreamRequest:
    """The prompt as a body. Raises Inexpressible for what messages have no field for."""
    _check(prompt)
    model = route.upstream_model
    limit = output_limit or prompt.max_tokens or LIMIT_DEFAULT
    prompt = conversation.strict(prompt, prefills=families.prefills(model))
    thoughts = thinking.settings(prompt, model, limit)
    prompt, missed = hints.leave_out(prompt, _not_taken(prompt, model, thoughts))
    as_json = json_mode.applies_to(prompt)
    fields = {
        "model": model,
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
        "thinking": thoughts.thinking,
        "output_config": _output_config(None if as_json else prompt.format, thoughts.effort),
        "metadata": {"user_id": prompt.user} if prompt.user else None,
    }
    if as_json:
        fields |= json_mode.fields_of(prompt)
    kept = {name: value for name, value in fields.items() if value is not None}
    return UpstreamRequest(
        PATH, _write(kept), MessagesDecoder(as_json=as_json), ignored=missed + thoughts.unmet
    )


def _check(prompt: Prompt) -> None:
    if prompt.n > 1:
        raise Inexpressible("n", "only one answer is possible")
    if prompt.temperature is not None and prompt.temperature > 1:
        raise Inexpressible("temperature", "it must be between 0 and 1")
    if not all(each.strip() for each in prompt.stop):
        raise Inexpressible("stop", "a stop sequence of nothing but white space")


def _not_taken(prompt: Prompt, model: str, thoughts: Thoughts) -> list[str]:
    """The hints that the model does not take, or not beside the others."""
    names = ["seed", "presence_penalty", "frequency_penalty", "verbosity"]
    if not families.takes_sampling(model):
        return [*names, "temperature", "top_p", "top_k"]
    if thoughts.are_on:
        names += _beside_thoughts(prompt)
    if prompt.temperature is not None and not families.takes_both_samplings(model):
        names.append("top_p")
    return names


def _beside_thoughts(prompt: Prompt) -> list[str]:
    """What Anthropic refuses beside thinking: the guide to extended thinking, "Compatibility"."""
    low = prompt.top_p is not None and prompt.top_p < TOP_P_MIN
    return ["temperature", "top_k"] + ["top_p"] * low


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
    if not tool.strict:
        return parameters
    if not is_supported(parameters):
        raise Inexpressible("tools", "a strict tool with an object with `additionalProperties`")
    return supported(parameters)


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


def _output_config(format_: Format | None, effort: str) -> dict[str, Any] | None:
    config: dict[str, Any] = {"effort": effort} if effort else {}
    if format_ is not None and format_.schema is not None:
        config["format"] = {"type": "json_schema", "schema": supported(format_.schema)}
    return config or None
