"""Reads a generateContent request into the canonical format, for a provider of another dialect.

Source: Gemini API reference, https://ai.google.dev/api/generate-content.
"""

from typing import Any

import msgspec

from inference_plane.core.prompt import Format, Prompt, Reasoning, Text, Tool, ToolChoice
from inference_plane.surfaces import reading
from inference_plane.surfaces.generate import casing, content, schema

HINTS = frozenset(
    {
        "safetySettings",
        "labels",
        "serviceTier",
        "store",
        "generationConfig.mediaResolution",
        "contents[].parts[].partMetadata",
        "contents[].parts[].mediaResolution",
        "tools[].functionDeclarations[].response",
        "tools[].functionDeclarations[].responseJsonSchema",
        "tools[].functionDeclarations[].behavior",
    }
)
"""How Google filters, bills, stores or reads at which resolution, and what it knows of a tool that
other vendors do not ask for.
"""

WORDS = {
    "toolConfig.functionCallingConfig.mode": (
        "AUTO",
        "ANY",
        "NONE",
        "VALIDATED",
        "MODE_UNSPECIFIED",
    ),
    "generationConfig.thinkingConfig.thinkingLevel": (
        "MINIMAL",
        "LOW",
        "MEDIUM",
        "HIGH",
        "THINKING_LEVEL_UNSPECIFIED",
    ),
    "generationConfig.responseModalities[]": ("TEXT", "MODALITY_UNSPECIFIED"),
    "generationConfig.responseMimeType": ("text/plain", "application/json"),
    "contents[].role": ("user", "model", "function"),
}


class _Function(reading.Known, rename="camel"):
    name: str
    description: str = ""
    parameters: dict[str, Any] | None = None
    parameters_json_schema: dict[str, Any] | None = None


class _Tools(reading.Known, rename="camel"):
    function_declarations: list[_Function] = msgspec.field(default_factory=list)


class _Calling(reading.Known, rename="camel"):
    mode: str | int = "AUTO"
    allowed_function_names: list[str] = msgspec.field(default_factory=list)


class _ToolConfig(reading.Known, rename="camel"):
    function_calling_config: _Calling | None = None


class _Thinking(reading.Known, rename="camel"):
    include_thoughts: bool = False
    thinking_budget: int | None = None
    thinking_level: str | None = None


class _Config(reading.Known, rename="camel"):
    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: float | None = None
    stop_sequences: list[str] | None = None
    seed: int | None = None
    candidate_count: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    response_modalities: list[str] | None = None
    response_mime_type: str | None = None
    response_schema: dict[str, Any] | None = None
    response_json_schema: dict[str, Any] | None = None
    thinking_config: _Thinking | None = None


class _Body(reading.Known, rename="camel"):
    """`model` repeats that of the path."""

    contents: list[content.Content] | content.Content
    model: Any = None
    system_instruction: content.Content | None = None
    tools: list[_Tools] | None = None
    tool_config: _ToolConfig | None = None
    generation_config: _Config | None = None


TRANSLATED = reading.Translated(_Body, HINTS, WORDS)

_MODES = {2: "ANY", 3: "NONE"}
"""Google's older SDK writes them as numbers."""


def read(body_fields: dict[str, Any]) -> Prompt:
    """The request in the canonical format. Raises InvalidRequest for what it cannot express."""
    body, ignored = reading.translatable(casing.to_camel_case(body_fields), TRANSLATED)
    config = body.generation_config or _Config()
    contents = body.contents if isinstance(body.contents, list) else [body.contents]
    return Prompt(
        system=_system(body.system_instruction),
        turns=content.read(contents),
        tools=tuple(_tool(f) for tools in body.tools or () for f in tools.function_declarations),
        tool_choice=_tool_choice(body.tool_config),
        format=_format(config),
        reasoning=_reasoning(config.thinking_config),
        max_tokens=config.max_output_tokens,
        temperature=config.temperature,
        top_p=config.top_p,
        top_k=int(config.top_k) if config.top_k is not None else None,
        stop=tuple(config.stop_sequences or ()),
        seed=config.seed,
        n=config.candidate_count or 1,
        presence_penalty=config.presence_penalty,
        frequency_penalty=config.frequency_penalty,
        ignored=ignored,
    )


def _system(instruction: content.Content | None) -> tuple[Text, ...]:
    parts = instruction.parts if instruction else []
    if any(part.text is None for part in parts):
        raise reading.unsupported("systemInstruction", "only text is supported")
    return tuple(Text(part.text) for part in parts if part.text)


def _tool(function: _Function) -> Tool:
    own = schema.standard(function.parameters_json_schema) or schema.json_schema(
        function.parameters
    )
    return Tool(function.name, function.description, own)


def _tool_choice(config: _ToolConfig | None) -> ToolChoice | None:
    """`VALIDATED` is `AUTO` whose arguments Google holds to the schema; a vendor that promises
    this in no request leaves it to the caller, who has the schema.
    """
    calling = config.function_calling_config if config else None
    if calling is None:
        return None
    mode = _MODES.get(calling.mode, "AUTO") if isinstance(calling.mode, int) else calling.mode
    match mode.upper(), calling.allowed_function_names:
        case "NONE", _:
            return ToolChoice("none")
        case "ANY", [name]:
            return ToolChoice("named", name)
        case "ANY", []:
            return ToolChoice("required")
        case _, []:
            return ToolChoice("auto")
    raise reading.unsupported(
        "toolConfig.functionCallingConfig.allowedFunctionNames", "several names"
    )


def _format(config: _Config) -> Format | None:
    own = schema.standard(config.response_json_schema) or schema.json_schema(config.response_schema)
    kind = config.response_mime_type or "text/plain"
    if own is not None or kind == "application/json":
        return Format(own)
    if kind != "text/plain":
        raise reading.unsupported("generationConfig.responseMimeType", kind)
    return None


def _reasoning(thinking: _Thinking | None) -> Reasoning | None:
    if thinking is None:
        return None
    budget = thinking.thinking_budget
    if budget == 0:
        return Reasoning(off=True)
    effort = (thinking.thinking_level or "").lower().removeprefix("thinking_level_")
    known = effort if effort in ("minimal", "low", "medium", "high") else ""
    return Reasoning(known, max(0, budget or 0), shown=thinking.include_thoughts)
