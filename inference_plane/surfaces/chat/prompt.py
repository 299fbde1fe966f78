"""Reads a chat request into the canonical format, for a provider of another dialect.

Two conventions carry what OpenAI has no field for: a call's thought signature is in
`extra_content.google.thought_signature` (https://ai.google.dev/gemini-api/docs/openai), thoughts
and their signatures in `reasoning_details` (OpenRouter docs, "Reasoning tokens"). Source: OpenAI
API reference, https://platform.openai.com/docs/api-reference/chat/create.
"""

from typing import Any

from inference_plane.core.prompt import Format, Prompt, Reasoning, Tool, ToolChoice
from inference_plane.surfaces import reading
from inference_plane.surfaces.chat import messages

HINTS = frozenset(
    {
        "store",
        "metadata",
        "service_tier",
        "prompt_cache_key",
        "prompt_cache_retention",
        "safety_identifier",
        "prediction",
        "usage",
        "messages[].name",
        "messages[].annotations",
        "messages[].reasoning_content",
        "messages[].reasoning",
        "messages[].cache_control",
        "messages[].provider_specific_fields",
        "messages[].tool_calls[].cache_control",
        "messages[].tool_calls[].index",
        "messages[].tool_calls[].provider_specific_fields",
    }
)
"""What OpenAI stores, caches or bills by, and what clients copy from an answer into the next
request: reasoning as DeepSeek and OpenRouter write it, and LiteLLM's own fields. opencode marks the
last two messages for Anthropic's cache, which the Vercel AI SDK writes at a call of a tool, too:
https://github.com/sst/opencode, packages/opencode/src/provider/transform.ts.
"""

WORDS = {
    "tool_choice": ("none", "auto", "required"),
    "reasoning_effort": ("none", "minimal", "low", "medium", "high", "xhigh"),
    "verbosity": ("low", "medium", "high"),
    "modalities[]": ("text",),
    "response_format.type": ("text", "json_object", "json_schema"),
    "messages[].role": ("system", "developer", "user", "assistant", "tool"),
    "messages[].content[].image_url.detail": ("auto", "low", "high", "original"),
    "messages[].content[].input_audio.format": ("wav", "mp3"),
}


class _Function(reading.Known):
    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class _Tool(reading.Known):
    type: str
    function: _Function | None = None
    cache_control: dict[str, Any] | None = None


class _Named(reading.Known):
    name: str


class _Choice(reading.Known):
    type: str
    function: _Named | None = None


class _Schema(reading.Known):
    name: str
    description: str | None = None
    schema: dict[str, Any] | None = None
    strict: bool | None = None


class _Format(reading.Known):
    type: str
    json_schema: _Schema | None = None


class _Body(reading.Known):
    messages: list[messages.Message]
    model: Any = None
    stream: Any = None
    stream_options: Any = None
    modalities: list[str] | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    n: int | None = None
    stop: str | list[str] | None = None
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    user: str | None = None
    tools: list[_Tool] | None = None
    tool_choice: str | _Choice | None = None
    parallel_tool_calls: bool | None = None
    response_format: _Format | None = None
    reasoning_effort: str | None = None
    verbosity: str | None = None


TRANSLATED = reading.Translated(_Body, HINTS, WORDS)


def read(fields: reading.Fields) -> Prompt:
    """The request in the canonical format. Raises InvalidRequest for what it cannot express."""
    body, ignored = reading.translatable(fields, TRANSLATED)
    system, turns = messages.read(body.messages)
    stop = [body.stop] if isinstance(body.stop, str) else body.stop
    return Prompt(
        system=system,
        turns=turns,
        tools=tuple(_tool(tool) for tool in body.tools or ()),
        tool_choice=_tool_choice(body.tool_choice),
        parallel_tool_calls=body.parallel_tool_calls,
        format=_format(body.response_format),
        reasoning=Reasoning(body.reasoning_effort) if body.reasoning_effort else None,
        max_tokens=body.max_completion_tokens or body.max_tokens,
        temperature=body.temperature,
        top_p=body.top_p,
        top_k=body.top_k,
        stop=tuple(stop or ()),
        seed=body.seed,
        n=body.n or 1,
        presence_penalty=body.presence_penalty,
        frequency_penalty=body.frequency_penalty,
        user=body.user or "",
        verbosity=body.verbosity or "",
        ignored=ignored,
    )


def _tool(tool: _Tool) -> Tool:
    if tool.function is None:
        raise reading.unsupported("tools", f"a tool of type `{tool.type}`")
    own = tool.function
    return Tool(own.name, own.description or "", own.parameters, own.strict, tool.cache_control)


def _tool_choice(choice: str | _Choice | None) -> ToolChoice | None:
    if choice is None:
        return None
    if isinstance(choice, _Choice):
        if choice.function is None:
            raise reading.unsupported("tool_choice", f"a choice of type `{choice.type}`")
        return ToolChoice("named", choice.function.name)
    if choice == "none":
        return ToolChoice("none")
    return ToolChoice("required" if choice == "required" else "auto")


def _format(format_: _Format | None) -> Format | None:
    if format_ is None or format_.type == "text":
        return None
    if format_.json_schema is None:
        return Format()
    own = format_.json_schema
    schema = own.schema or {"type": "object"}
    return Format(schema, own.name, own.strict, own.description or "")
