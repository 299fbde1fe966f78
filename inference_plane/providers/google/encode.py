"""Writes requests for streamGenerateContent: the caller's own body, or a prompt.

Source: Gemini API reference, https://ai.google.dev/api/generate-content; guides below
https://ai.google.dev/gemini-api/docs: function-calling, structured-output, thinking.
"""

from typing import Any

import msgspec

from inference_plane.core import budgets, conversation
from inference_plane.core.decoder import UpstreamRequest
from inference_plane.core.prompt import Inexpressible, Prompt, Reasoning, Tool, ToolChoice
from inference_plane.core.request import Request
from inference_plane.providers.google.content import turns_of
from inference_plane.providers.google.decode import GenerateDecoder
from shared.catalogue import Route

_BUDGETS = {"minimal": 512, "low": 1_024, "medium": 8_192, "high": 24_576, "xhigh": 32_768}
_write = msgspec.json.Encoder().encode


def path_of(route: Route) -> str:
    return f"/v1beta/models/{route.upstream_model}:streamGenerateContent?alt=sse"


def patch(request: Request, route: Route, output_limit: int | None) -> UpstreamRequest:
    """The caller's body; `output_limit`, in tokens, replaces its own only where it is given."""
    fields: dict[str, Any] = dict(request.fields)
    fields.pop("model", None)
    if output_limit is not None:
        config_field = "generation_config" if "generation_config" in fields else "generationConfig"
        config: dict[str, Any] = dict(fields.get(config_field) or {})
        config.pop("max_output_tokens", None)
        config["maxOutputTokens"] = output_limit
        fields[config_field] = config
    return UpstreamRequest(path_of(route), _write(fields), GenerateDecoder())


def encode(prompt: Prompt, route: Route, output_limit: int | None) -> UpstreamRequest:
    """The prompt as a body. Raises Inexpressible for what generateContent has no field for."""
    if prompt.parallel_tool_calls is False and prompt.tools:
        raise Inexpressible("parallel_tool_calls", "only parallel calls are possible")
    prompt = conversation.strict(prompt)
    fields = {
        "contents": turns_of(prompt.turns, route.upstream_model),
        "systemInstruction": _system(prompt),
        "tools": _tools(prompt.tools),
        "toolConfig": _tool_choice(prompt.tool_choice) if prompt.tools else None,
        "generationConfig": _config(prompt, output_limit) or None,
    }
    kept = {name: value for name, value in fields.items() if value is not None}
    return UpstreamRequest(path_of(route), _write(kept), GenerateDecoder())


def _system(prompt: Prompt) -> dict[str, Any] | None:
    if not prompt.system:
        return None
    return {"parts": [{"text": text.text} for text in prompt.system]}


def _tools(tools: tuple[Tool, ...]) -> list[dict[str, Any]] | None:
    if not tools:
        return None
    declared = []
    for tool in tools:
        function: dict[str, Any] = {"name": tool.name, "description": tool.description}
        if tool.parameters:
            function["parametersJsonSchema"] = tool.parameters
        declared.append(function)
    return [{"functionDeclarations": declared}]


def _tool_choice(tool_choice: ToolChoice | None) -> dict[str, Any] | None:
    if tool_choice is None:
        return None
    mode = {"auto": "AUTO", "none": "NONE"}.get(tool_choice.mode, "ANY")
    config: dict[str, Any] = {"mode": mode}
    if tool_choice.mode == "named":
        config["allowedFunctionNames"] = [tool_choice.name]
    return {"functionCallingConfig": config}


def _config(prompt: Prompt, output_limit: int | None) -> dict[str, Any]:
    config = {
        "maxOutputTokens": output_limit or prompt.max_tokens,
        "temperature": prompt.temperature,
        "topP": prompt.top_p,
        "topK": prompt.top_k,
        "stopSequences": list(prompt.stop) or None,
        "seed": prompt.seed,
        "candidateCount": prompt.n if prompt.n > 1 else None,
        "presencePenalty": prompt.presence_penalty,
        "frequencyPenalty": prompt.frequency_penalty,
        "responseMimeType": "application/json" if prompt.format else None,
        "responseJsonSchema": prompt.format.schema if prompt.format else None,
        "thinkingConfig": _thinking(prompt.reasoning, output_limit or prompt.max_tokens),
    }
    return {name: value for name, value in config.items() if value is not None}


def _thinking(reasoning: Reasoning | None, limit: int | None) -> dict[str, Any] | None:
    if reasoning is None:
        return None
    if reasoning.off or reasoning.effort == "none":
        return {"thinkingBudget": 0}
    config: dict[str, Any] = {"includeThoughts": reasoning.shown}
    budget = budgets.fitted(reasoning.budget or _BUDGETS.get(reasoning.effort, 0), limit)
    return config | ({"thinkingBudget": budget} if budget else {})
