"""Writes requests for streamGenerateContent: the caller's own body, or a prompt.

Source: Gemini API reference, https://ai.google.dev/api/generate-content; guides below
https://ai.google.dev/gemini-api/docs: function-calling, structured-output, thinking.
"""

from typing import Any

import msgspec

from inference_plane.core import conversation, hints
from inference_plane.core.decoder import UpstreamRequest
from inference_plane.core.prompt import Inexpressible, Prompt, Tool, ToolChoice
from inference_plane.core.request import Request
from inference_plane.providers.google import families, thinking
from inference_plane.providers.google.content import turns_of
from inference_plane.providers.google.decode import GenerateDecoder
from shared.catalogue import Route

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
    model, limit = route.upstream_model, output_limit or prompt.max_tokens
    thoughts = thinking.settings(prompt.reasoning, model, limit)
    prompt, missed = hints.leave_out(prompt, ("user", "verbosity"))
    prompt = conversation.strict(prompt)
    config = _config(prompt, limit) | _format(prompt, model) | thoughts.fields
    fields = {
        "contents": turns_of(prompt.turns, model),
        "systemInstruction": _system(prompt),
        "tools": _tools(prompt.tools),
        "toolConfig": _tool_choice(prompt.tool_choice) if prompt.tools else None,
        "generationConfig": config or None,
    }
    kept = {name: value for name, value in fields.items() if value is not None}
    decoder = GenerateDecoder(single_calls=prompt.parallel_tool_calls is False)
    return UpstreamRequest(path_of(route), _write(kept), decoder, ignored=missed + thoughts.unmet)


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


def _config(prompt: Prompt, limit: int | None) -> dict[str, Any]:
    config = {
        "maxOutputTokens": limit,
        "temperature": prompt.temperature,
        "topP": prompt.top_p,
        "topK": prompt.top_k,
        "stopSequences": list(prompt.stop) or None,
        "seed": prompt.seed,
        "candidateCount": prompt.n if prompt.n > 1 else None,
        "presencePenalty": prompt.presence_penalty,
        "frequencyPenalty": prompt.frequency_penalty,
    }
    return {name: value for name, value in config.items() if value is not None}


def _format(prompt: Prompt, model: str) -> dict[str, Any]:
    """Older models refuse JSON beside tools. It has no effect where one of them must be called.

    Source: https://ai.google.dev/gemini-api/docs/structured-output, "Structured outputs with
    tools".
    """
    if prompt.format is None:
        return {}
    if prompt.tools and not families.mixes_tools_and_json(model):
        if prompt.tool_choice is None or prompt.tool_choice.mode not in ("required", "named"):
            raise Inexpressible("format", "JSON beside tools; use a newer model")
        return {}
    schema = prompt.format.schema
    own = {"responseMimeType": "application/json"}
    return own if schema is None else own | {"responseJsonSchema": schema}
