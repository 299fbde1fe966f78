"""`/v1/chat/completions`: checks a request and prepares its answer.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/chat/create; guide
https://platform.openai.com/docs/guides/reasoning. What a reasoning model rejects was seen in
recorded answers.
"""

import re
from typing import Any

from aiohttp import web

from deploy.simulators import directive as directives
from deploy.simulators import validation
from deploy.simulators.answers import AnswerSpec, Offer, compose
from deploy.simulators.openai import chat_frames, errors
from deploy.simulators.openai.efforts import check_effort
from deploy.simulators.openai.kept_objects import KEPT
from deploy.simulators.openai.media import check_media
from deploy.simulators.openai.requests import (
    Allowed,
    ChatRequest,
    FormatObject,
    FormatSchema,
    FunctionTool,
    NamedCustom,
    NamedFunction,
)
from deploy.simulators.openai.schemas import check_schema
from deploy.simulators.openai.stored import check_stored, key_of
from deploy.simulators.openai.turns import after_tools, check_turns
from deploy.simulators.playback import Work
from deploy.simulators.token_counts import json_tokens, text_tokens

AUDIO_TOKENS = 50
"""Of each piece of audio, however long."""

_REASONS = re.compile(r"o\d")
_UNSUPPORTED = {
    "max_tokens": " Use 'max_completion_tokens' instead.",
    "temperature": "",
    "top_p": "",
    "presence_penalty": "",
    "frequency_penalty": "",
    "logprobs": "",
    "logit_bias": "",
}


def prepare(body: Any, request: web.Request) -> Work:
    """Raises `Violation`, `Refusal`, or ValueError for a wrong directive."""
    parsed = validation.read(body, ChatRequest)
    check_model(parsed.model)
    _check_parameters(parsed)
    check_effort(parsed.model, parsed.reasoning_effort, "reasoning_effort")
    _check_tools(parsed)
    _check_format(parsed, body)
    check_turns(parsed.messages)
    check_media(parsed.messages)
    check_stored(body)
    prompt_text = directives.last_text(
        (each["role"], directives.text_of(each.get("content"))) for each in body["messages"]
    )
    directive = directives.read(prompt_text)
    answer = compose(_spec(parsed, body, directive))
    head = chat_frames.Head(parsed, directive.tier, _heard(body))
    if parsed.store:
        completion = chat_frames.response(head, answer) | {"metadata": parsed.metadata or {}}
        request.app[KEPT].keep(key_of(request), completion, body["messages"])
    return Work(
        directive,
        lambda: chat_frames.response(head, answer),
        (lambda: chat_frames.stream(head, answer)) if parsed.stream else None,
        lambda _: chat_frames.failure(directive),
        prompt_text=prompt_text,
    )


def check_model(model: str) -> None:
    """Any name is a model except the empty one and those that begin with `no-such`."""
    if not model:
        raise errors.invalid("you must provide a model parameter")
    if model.startswith("no-such"):
        raise errors.missing_model(model)


def reasons(model: str) -> bool:
    """Whether this is a reasoning model, which rejects sampling parameters."""
    return bool(_REASONS.match(model))


def _check_parameters(parsed: ChatRequest) -> None:
    if parsed.max_tokens and parsed.max_completion_tokens:
        message = (
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        )
        raise errors.invalid(message, "max_tokens", "invalid_parameter_combination")
    if parsed.top_logprobs is not None and not parsed.logprobs:
        message = "You must set logprobs to true in your request to use top_logprobs."
        raise errors.invalid(message, "top_logprobs")
    if parsed.stream_options is not None and not parsed.stream:
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise errors.invalid(message, "stream_options")
    if not reasons(parsed.model):
        return
    for name, advice in _UNSUPPORTED.items():
        if getattr(parsed, name) not in (None, 1, 1.0, 0 if name.endswith("penalty") else None):
            message = f"Unsupported parameter: '{name}' is not supported with this model.{advice}"
            raise errors.invalid(message, name, "unsupported_parameter")


def _check_tools(parsed: ChatRequest) -> None:
    tools = parsed.tools or ()
    for name in ("tool_choice", "parallel_tool_calls"):
        if not tools and getattr(parsed, name) not in (None, "none"):
            raise errors.invalid(f"'{name}' is only allowed when 'tools' are specified.", name)
    for number, tool in enumerate(tools):
        if isinstance(tool, FunctionTool) and tool.function.strict and tool.function.parameters:
            subject = f"function '{tool.function.name}'"
            param = f"tools[{number}].function.parameters"
            code = "invalid_function_parameters"
            check_schema(tool.function.parameters, subject, param, code)
    names = {t.function.name if isinstance(t, FunctionTool) else t.custom.name for t in tools}
    wanted = _named(parsed)
    if wanted is not None and wanted not in names:
        message = f"Invalid value for 'tool_choice': tool '{wanted}' was not found in 'tools'."
        raise errors.invalid(message, "tool_choice")


def _check_format(parsed: ChatRequest, body: dict[str, Any]) -> None:
    wanted = parsed.response_format
    if isinstance(wanted, FormatObject):
        texts = (directives.text_of(each.get("content")) for each in body["messages"])
        if not any("json" in text.lower() for text in texts):
            message = (
                "'messages' must contain the word 'json' in some form, to use 'response_format' of "
                "type 'json_object'."
            )
            raise errors.invalid(message, "messages")
    if isinstance(wanted, FormatSchema):
        named = wanted.json_schema
        if named.schema is None:
            message = "Missing required parameter: 'response_format.json_schema.schema'."
            param = "response_format.json_schema.schema"
            raise errors.invalid(message, param, "missing_required_parameter")
        if named.strict:
            subject = f"response_format '{named.name}'"
            check_schema(named.schema, subject, "response_format")


def _named(parsed: ChatRequest) -> str | None:
    choice = parsed.tool_choice
    if isinstance(choice, NamedFunction):
        return choice.function.name
    return choice.custom.name if isinstance(choice, NamedCustom) else None


def _spec(parsed: ChatRequest, body: dict[str, Any], directive: directives.Directive) -> AnswerSpec:
    choice = parsed.tool_choice
    required = choice == "required" or (
        isinstance(choice, Allowed) and choice.allowed_tools.mode == "required"
    )
    stop = parsed.stop
    return AnswerSpec(
        directive=directive,
        prompt_tokens=_count(body),
        offers=() if choice == "none" else _offers(parsed),
        must=_named(parsed) or (True if required else None),
        parallel=parsed.parallel_tool_calls is not False,
        answered=after_tools(body),
        schema=_schema(parsed),
        limit=parsed.max_completion_tokens or parsed.max_tokens,
        stops=(stop,) if isinstance(stop, str) else tuple(stop or ()),
        thinks=reasons(parsed.model) or parsed.reasoning_effort not in (None, "none", "minimal"),
        request=body,
    )


def _offers(parsed: ChatRequest) -> tuple[Offer, ...]:
    offered = (tool.function for tool in parsed.tools or () if isinstance(tool, FunctionTool))
    older = parsed.functions or ()
    return tuple(Offer(each.name, each.parameters or {}) for each in (*offered, *older))


def _schema(parsed: ChatRequest) -> dict[str, Any] | None:
    wanted = parsed.response_format
    if isinstance(wanted, FormatSchema):
        return wanted.json_schema.schema
    return {"const": {"simulated": True}} if isinstance(wanted, FormatObject) else None


def _heard(body: dict[str, Any]) -> int:
    """Tokens of audio in the prompt, which `_count` counts too."""
    parts = [part for each in body["messages"] for part in _parts(each.get("content"))]
    return AUDIO_TOKENS * len([part for part in parts if part.get("type") == "input_audio"])


def _parts(content: Any) -> list[dict[str, Any]]:
    return content if isinstance(content, list) else []


def _count(body: dict[str, Any]) -> int:
    texts = (directives.text_of(message.get("content")) for message in body["messages"])
    written = sum(4 + text_tokens(text) for text in texts)
    return json_tokens(body.get("tools")) + written + _heard(body)
