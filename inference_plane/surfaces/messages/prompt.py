"""Reads a messages request into the canonical format, for a provider of another dialect.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages.
"""

from typing import Any

from inference_plane.core.prompt import Cache, Format, Prompt, Reasoning, Text, Tool, ToolChoice
from inference_plane.surfaces import reading
from inference_plane.surfaces.messages import content

HINTS = frozenset(
    {
        "service_tier",
        "inference_geo",
        "speed",
        "cache_control",
        "context_management",
        "thinking.display",
        "system[].citations",
        "messages[].content[].citations",
        "messages[].content[].caller",
        "tools[].eager_input_streaming",
        "tools[].input_examples",
        "tools[].allowed_callers",
    }
)
"""How Anthropic bills, caches, edits a context or streams, and what clients copy from an answer
into the next request. Source:
https://docs.anthropic.com/en/docs/build-with-claude/context-editing and
https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/fine-grained-tool-streaming.
"""

WORDS = {
    "tool_choice.type": ("auto", "any", "tool", "none"),
    "thinking.type": ("enabled", "disabled", "adaptive"),
    "output_config.effort": ("low", "medium", "high", "xhigh", "max"),
    "output_config.format.type": ("json_schema",),
    "output_format.type": ("json_schema",),
    "messages[].role": ("user", "assistant", "system"),
}


class _Tool(reading.Known):
    name: str
    type: str | None = None
    description: str | None = None
    input_schema: dict[str, Any] | None = None
    strict: bool | None = None
    cache_control: Cache = None


class _Choice(reading.Known):
    type: str
    name: str = ""
    disable_parallel_tool_use: bool | None = None


class _Thinking(reading.Known):
    type: str
    budget_tokens: int = 0


class _Format(reading.Known):
    type: str
    schema: dict[str, Any] | None = None


class _Output(reading.Known):
    format: _Format | None = None
    effort: str | None = None


class _Metadata(reading.Known):
    user_id: str | None = None


class _Body(reading.Known):
    messages: list[content.Message]
    model: Any = None
    stream: Any = None
    max_tokens: int | None = None
    system: str | list[content.TextBlock] | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop_sequences: list[str] | None = None
    tools: list[_Tool] | None = None
    tool_choice: _Choice | None = None
    thinking: _Thinking | None = None
    metadata: _Metadata | None = None
    output_config: _Output | None = None
    output_format: _Format | None = None


TRANSLATED = reading.Translated(_Body, HINTS, WORDS)


def read(fields: reading.Fields) -> Prompt:
    """The request in the canonical format. Raises InvalidRequest for what it cannot express."""
    body, ignored = reading.translatable(fields, TRANSLATED)
    return Prompt(
        system=_system(body.system),
        turns=content.read(body.messages),
        tools=tuple(_tool(tool) for tool in body.tools or ()),
        tool_choice=_tool_choice(body.tool_choice),
        parallel_tool_calls=_parallel_tool_calls(body.tool_choice),
        format=_format(body),
        reasoning=_reasoning(body),
        max_tokens=body.max_tokens,
        temperature=body.temperature,
        top_p=body.top_p,
        top_k=body.top_k,
        stop=tuple(body.stop_sequences or ()),
        user=(body.metadata.user_id or "") if body.metadata else "",
        ignored=ignored,
    )


def _system(system: str | list[content.TextBlock] | None) -> tuple[Text, ...]:
    if isinstance(system, str):
        return (Text(system),) if system else ()
    return tuple(Text(block.text, block.cache_control) for block in system or ())


def _tool(tool: _Tool) -> Tool:
    if tool.type not in (None, "custom"):
        raise reading.unsupported("tools", f"a tool of type `{tool.type}`")
    return Tool(
        tool.name, tool.description or "", tool.input_schema, tool.strict, tool.cache_control
    )


def _tool_choice(choice: _Choice | None) -> ToolChoice | None:
    match choice:
        case None:
            return None
        case _Choice(type="any"):
            return ToolChoice("required")
        case _Choice(type="tool", name=name):
            return ToolChoice("named", name)
        case _Choice(type="none"):
            return ToolChoice("none")
    return ToolChoice("auto")


def _parallel_tool_calls(choice: _Choice | None) -> bool | None:
    """None is the default, which is the same at every vendor."""
    return False if choice and choice.disable_parallel_tool_use else None


def _format(body: _Body) -> Format | None:
    """`output_format` is its name of the beta, `structured-outputs-2025-11-13`, which Anthropic
    still takes (https://github.com/vercel/ai/issues/12298).
    """
    found = (body.output_config.format if body.output_config else None) or body.output_format
    return Format(found.schema) if found else None


def _reasoning(body: _Body) -> Reasoning | None:
    effort = (body.output_config.effort if body.output_config else None) or ""
    effort = "xhigh" if effort == "max" else effort  # the highest that others have
    match body.thinking:
        case _Thinking(type="disabled"):
            return Reasoning(off=True)
        case _Thinking(type="enabled", budget_tokens=budget):
            return Reasoning(effort, budget)
        case _Thinking():
            return Reasoning(effort or "medium")
    return Reasoning(effort) if effort else None
