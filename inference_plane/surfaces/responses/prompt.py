"""Reads a Responses request into the canonical format, for a provider of another dialect.

What only OpenAI stores or runs (stored responses, conversations, hosted tools) is refused by name.
Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses/create.
"""

from typing import Any

import msgspec

from inference_plane.core.prompt import Format, Prompt, Reasoning, Text, Tool, ToolChoice
from inference_plane.surfaces import reading
from inference_plane.surfaces.responses import items, namespaces

HINTS = frozenset(
    {
        "store",
        "metadata",
        "service_tier",
        "prompt_cache_key",
        "prompt_cache_retention",
        "safety_identifier",
        "client_metadata",
        "input[].id",
        "input[].phase",
        "input[].content[].annotations",
        "input[].content[].logprobs",
        "input[].output[].annotations",
        "input[].output[].logprobs",
    }
)
"""What OpenAI stores, caches or bills by, what clients copy from an answer into the next request,
and Codex' own bookkeeping (https://github.com/openai/codex).
"""

WORDS = {
    "tool_choice": ("none", "auto", "required"),
    "reasoning.effort": ("none", "minimal", "low", "medium", "high", "xhigh"),
    "reasoning.summary": ("auto", "concise", "detailed"),
    "text.format.type": ("text", "json_object", "json_schema"),
    "text.verbosity": ("low", "medium", "high"),
    "truncation": ("auto", "disabled"),
    "input[].role": ("system", "developer", "user", "assistant"),
    "input[].content[].detail": ("auto", "low", "high", "original"),
}
_INCLUDED = frozenset({"reasoning.encrypted_content"})
"""What an answer of another vendor has in any case; everything else is OpenAI's own."""


class _Function(reading.Known, tag_field="type", tag="function"):
    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class _Namespace(reading.Known, tag_field="type", tag="namespace"):
    name: str
    tools: list[_Function]
    description: str | None = None


class _WebSearch(msgspec.Struct, tag_field="type", tag="web_search"):
    """OpenAI's own tool. Codex offers it unasked, so it is a hint as long as it is not forced."""


_Tool = _Function | _Namespace | _WebSearch


class _Choice(reading.Known):
    type: str
    name: str = ""


class _Format(reading.Known):
    type: str
    name: str = "answer"
    description: str | None = None
    schema: dict[str, Any] | None = None
    strict: bool | None = None


class _Text(reading.Known):
    format: _Format | None = None
    verbosity: str | None = None


class _Reasoning(reading.Known):
    effort: str | None = None
    summary: str | None = None
    generate_summary: str | None = None


class _Body(reading.Known):
    input: str | list[items.Item]
    model: Any = None
    stream: Any = None
    stream_options: Any = None
    instructions: str | None = None
    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    user: str | None = None
    tools: list[_Tool] | None = None
    tool_choice: str | _Choice | None = None
    parallel_tool_calls: bool | None = None
    text: _Text | None = None
    reasoning: _Reasoning | None = None
    truncation: str | None = None
    include: list[str] | None = None


TRANSLATED = reading.Translated(_Body, HINTS, WORDS)


def read(fields: reading.Fields) -> Prompt:
    """The request in the canonical format. Raises InvalidRequest for what it cannot express."""
    body, ignored = reading.translatable(fields, TRANSLATED)
    _check(body)
    system, turns = items.read(body.input)
    own = (Text(body.instructions),) if body.instructions else ()
    return Prompt(
        system=(*own, *system),
        turns=turns,
        tools=tuple(each for tool in body.tools or () for each in _tools(tool)),
        tool_choice=_tool_choice(body.tool_choice),
        parallel_tool_calls=body.parallel_tool_calls,
        format=_format(body.text),
        reasoning=_reasoning(body.reasoning),
        max_tokens=body.max_output_tokens,
        temperature=body.temperature,
        top_p=body.top_p,
        user=body.user or "",
        verbosity=(body.text.verbosity or "") if body.text else "",
        ignored=(*ignored, *_unfollowed(body)),
    )


def _check(body: _Body) -> None:
    foreign = next((each for each in body.include or () if each not in _INCLUDED), None)
    if foreign is not None:
        raise reading.unsupported("include", f"`{foreign}`")


def _unfollowed(body: _Body) -> list[str]:
    """Hints among the values of known fields."""
    searches = [place for place, tool in enumerate(body.tools or ()) if _is_search(tool)]
    return ["truncation"] * (body.truncation == "auto") + [f"tools[{place}]" for place in searches]


def _is_search(tool: _Tool) -> bool:
    return isinstance(tool, _WebSearch)


def _tools(tool: _Tool) -> list[Tool]:
    match tool:
        case _Function():
            return [_function(tool, "")]
        case _Namespace():
            return [_function(each, tool.name) for each in tool.tools]
        case _WebSearch():
            return []


def _function(tool: _Function, namespace: str) -> Tool:
    name = namespaces.joined(namespace, tool.name)
    return Tool(name, tool.description or "", tool.parameters, tool.strict)


def _tool_choice(choice: str | _Choice | None) -> ToolChoice | None:
    if choice is None:
        return None
    if isinstance(choice, _Choice):
        if choice.type != "function":
            raise reading.unsupported("tool_choice", f"a choice of type `{choice.type}`")
        return ToolChoice("named", choice.name)
    if choice == "none":
        return ToolChoice("none")
    return ToolChoice("required" if choice == "required" else "auto")


def _format(text: _Text | None) -> Format | None:
    format_ = text.format if text else None
    if format_ is None or format_.type == "text":
        return None
    if format_.type == "json_object":
        return Format()
    schema = format_.schema or {"type": "object"}
    return Format(schema, format_.name, format_.strict, format_.description or "")


def _reasoning(reasoning: _Reasoning | None) -> Reasoning | None:
    if reasoning is None or not (reasoning.effort or reasoning.summary):
        return None
    return Reasoning(reasoning.effort or "")
