"""Writes requests for chat completions: the caller's own body, or a prompt.

Requests are always streamed, with usage: an answer is metered while it arrives, and the provider's
own count is charged. OpenAI stores the chats of newer accounts unless it is told not to
(https://platform.openai.com/docs/guides/migrate-to-responses). Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/chat/create.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from inference_plane.core import hints
from inference_plane.core.decoder import UpstreamRequest
from inference_plane.core.prompt import (
    Format,
    Inexpressible,
    Media,
    Part,
    Prompt,
    Reasoning,
    Refusal,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
)
from inference_plane.core.request import Request
from inference_plane.providers.openai import families
from inference_plane.providers.openai.chat_decode import ChatDecoder
from shared.catalogue import Route

PATH = "/chat/completions"
_write = msgspec.json.Encoder().encode
_SEARCHES = "-search-"
"""A part of the names of models that search for every answer."""

_BUDGETS = ((1_024, "low"), (8_192, "medium"))


def temperature_max(upstream_model: str) -> float | None:
    """The highest temperature that a model takes; None for a reasoning model, which takes none."""
    return None if families.reasons(upstream_model) else 2.0


def patch(request: Request, route: Route, output_limit: int | None) -> UpstreamRequest:
    """The caller's body with our model name, streamed; `output_limit`, in tokens, where given."""
    fields: dict[str, Any] = dict(request.fields)
    fields["model"] = route.upstream_model
    fields["stream"] = True
    if fields.get("store") is None:
        fields["store"] = False
    fields["stream_options"] = _stream_options(fields.get("stream_options"))
    if output_limit is not None:
        fields[request.limit_field] = output_limit
    if families.reasons(route.upstream_model) and "max_tokens" in fields:
        limit = fields.pop("max_tokens")
        fields.setdefault("max_completion_tokens", limit)
    searches = fields.get("web_search_options") is not None or _SEARCHES in route.upstream_model
    decoder = ChatDecoder(stored=fields["store"] is True, searches=searches)
    return UpstreamRequest(PATH, _write(fields), decoder)


def _stream_options(own: Any) -> dict[str, Any]:
    return (own if isinstance(own, dict) else {}) | {"include_usage": True}


def encode(prompt: Prompt, route: Route, output_limit: int | None) -> UpstreamRequest:
    """The prompt as a body. Raises Inexpressible for what chat completions have no field for."""
    model = route.upstream_model
    prompt, ignored = hints.leave_out(prompt, _not_taken(model))
    effort = _effort(prompt.reasoning, model)
    if prompt.reasoning and prompt.reasoning.is_off and effort != "none":
        ignored += ("reasoning",)
    fields = {
        "model": model,
        "messages": list(_messages(prompt)),
        "stream": True,
        "store": False,
        "stream_options": {"include_usage": True},
        "max_completion_tokens": output_limit or prompt.max_tokens,
        "temperature": prompt.temperature,
        "top_p": prompt.top_p,
        "stop": list(prompt.stop) or None,
        "seed": prompt.seed,
        "n": prompt.n if prompt.n > 1 else None,
        "presence_penalty": prompt.presence_penalty,
        "frequency_penalty": prompt.frequency_penalty,
        "user": prompt.user or None,
        "tools": [_tool(tool) for tool in prompt.tools] or None,
        "tool_choice": _tool_choice(prompt.tool_choice) if prompt.tools else None,
        "parallel_tool_calls": prompt.parallel_tool_calls if prompt.tools else None,
        "response_format": _format(prompt.format),
        "reasoning_effort": effort,
        "verbosity": prompt.verbosity or None,
    }
    kept = {name: value for name, value in fields.items() if value is not None}
    return UpstreamRequest(PATH, _write(kept), ChatDecoder(), ignored=ignored)


def _not_taken(model: str) -> list[str]:
    """The hints that the model does not take."""
    names = ["top_k"]
    names += hints.SAMPLING if families.reasons(model) else ()
    names += ("reasoning", "verbosity") if families.only_chats(model) else ()
    return names


def _messages(prompt: Prompt) -> Iterator[dict[str, Any]]:
    system = (*prompt.system, *_json_instruction(prompt))
    if system:
        yield {"role": "system", "content": _texts(system)}
    for turn in prompt.turns:
        if turn.role == "system":
            yield {"role": "system", "content": _texts(turn.parts)}
        else:
            yield from _user(turn) if turn.role == "user" else _assistant(turn)


def _json_instruction(prompt: Prompt) -> tuple[Text, ...]:
    """JSON mode requires the word in some message (guide to structured outputs, "JSON mode")."""
    if prompt.format is None or prompt.format.schema is not None:
        return ()
    parts = (*prompt.system, *(part for turn in prompt.turns for part in turn.parts))
    if any(isinstance(part, Text) and "json" in part.text.lower() for part in parts):
        return ()
    return (Text("Respond with a JSON object."),)


def _texts(parts: tuple[Part, ...]) -> str:
    return "\n\n".join(part.text for part in parts if isinstance(part, Text))


def _user(turn: Turn) -> Iterator[dict[str, Any]]:
    """Tool results first, as OpenAI requires; media in them follow as user content."""
    beside: list[Part] = []
    for part in turn.parts:
        if isinstance(part, ToolResult):
            text = "".join(each.text for each in part.content if isinstance(each, Text))
            beside += [each for each in part.content if isinstance(each, Media)]
            yield {"role": "tool", "tool_call_id": part.id, "content": text}
    content = beside + [part for part in turn.parts if not isinstance(part, ToolResult)]
    if len(content) == 1 and isinstance(content[0], Text):
        yield {"role": "user", "content": content[0].text}
    elif content:
        yield {"role": "user", "content": [_part(part) for part in content]}
    elif not turn.parts:
        yield {"role": "user", "content": ""}


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Text(text=text):
            return {"type": "text", "text": text}
        case Media(kind="image"):
            detail = {"detail": part.detail} if part.detail else {}
            return {"type": "image_url", "image_url": {"url": _address(part)} | detail}
        case Media(kind="audio", data=data) if data:
            form = part.media_type.rpartition("/")[2].removeprefix("x-").replace("mpeg", "mp3")
            return {"type": "input_audio", "input_audio": {"data": data, "format": form}}
        case Media(kind="file", data=data) if data:
            name = part.name or "document.pdf"
            return {"type": "file", "file": {"filename": name, "file_data": _address(part)}}
    raise Inexpressible("messages", "a file by its URL")


def _address(media: Media) -> str:
    return media.url or f"data:{media.media_type};base64,{media.data}"


def _assistant(turn: Turn) -> Iterator[dict[str, Any]]:
    """Thoughts are left out: chat completions do not take them back."""
    message: dict[str, Any] = {"role": "assistant", "content": None if turn.parts else ""}
    texts = [part.text for part in turn.parts if isinstance(part, Text)]
    calls = [_call(part) for part in turn.parts if isinstance(part, ToolCall)]
    refusals = [part.text for part in turn.parts if isinstance(part, Refusal)]
    if texts:
        message["content"] = "".join(texts)
    if refusals:
        message["refusal"] = "".join(refusals)
    if calls:
        message["tool_calls"] = calls
    if any(isinstance(part, Media) for part in turn.parts):
        raise Inexpressible("messages", "an image in an assistant message")
    if texts or refusals or calls or not any(isinstance(p, Thinking) for p in turn.parts):
        yield message


def _call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments or "{}"}
    return {"id": call.id, "type": "function", "function": function}


def _tool(tool: Tool) -> dict[str, Any]:
    function: dict[str, Any] = {"name": tool.name}
    if tool.description:
        function["description"] = tool.description
    if tool.parameters is not None:
        function["parameters"] = tool.parameters
    if tool.strict is not None:
        function["strict"] = tool.strict
    return {"type": "function", "function": function}


def _tool_choice(tool_choice: ToolChoice | None) -> str | dict[str, Any] | None:
    if tool_choice is None:
        return None
    if tool_choice.mode == "named":
        return {"type": "function", "function": {"name": tool_choice.name}}
    return tool_choice.mode


def _format(format_: Format | None) -> dict[str, Any] | None:
    if format_ is None:
        return None
    if format_.schema is None:
        return {"type": "json_object"}
    schema: dict[str, Any] = {"name": format_.name, "schema": format_.schema}
    if format_.description:
        schema["description"] = format_.description
    if format_.strict is not None:
        schema["strict"] = format_.strict
    return {"type": "json_schema", "json_schema": schema}


def _effort(reasoning: Reasoning | None, model: str) -> str | None:
    if reasoning is None:
        return None
    level = "none" if reasoning.off else reasoning.effort
    if reasoning.budget:
        level = next((word for limit, word in _BUDGETS if reasoning.budget <= limit), "high")
    return families.nearest_effort(model, level) or None
