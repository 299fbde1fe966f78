"""Reads a Responses request into the canonical format, for a provider of another dialect.

What only OpenAI stores or runs (stored responses, conversations, hosted tools) is refused by name.
Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses/create.
"""

from collections.abc import Iterator
from typing import Any

from inference_plane.core.prompt import Format, Prompt, Reasoning, Text, ToolChoice
from inference_plane.surfaces import reading
from inference_plane.surfaces.responses import items, tools
from inference_plane.surfaces.responses.tools import Tool

HINTS = frozenset(
    {
        "store",
        "metadata",
        "service_tier",
        "prompt_cache_key",
        "prompt_cache_retention",
        "safety_identifier",
        "client_metadata",
        "reasoning.context",
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
    tools: list[Tool] | None = None
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
        tools=tuple(each for _, tool in _offered(body) for each in tools.read(tool)),
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
    searches = [place for place, tool in _offered(body) if tools.is_search(tool)]
    return ["truncation"] * (body.truncation == "auto") + searches


def _offered(body: _Body) -> Iterator[tuple[str, Tool]]:
    """Every tool with its place: the request's, and those that an item adds."""
    for number, tool in enumerate(body.tools or ()):
        yield f"tools[{number}]", tool
    for place, item in enumerate(body.input if isinstance(body.input, list) else ()):
        for number, tool in enumerate(item.tools or ()):
            yield f"input[{place}].tools[{number}]", tool


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
