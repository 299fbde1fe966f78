"""`/v1/responses`: checks a request and prepares its answer.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses/create.
"""

from typing import Any

from aiohttp import web

from deploy.simulators import directive as directives
from deploy.simulators import validation
from deploy.simulators.answers import AnswerSpec, Offer, compose
from deploy.simulators.openai import errors, responses_turns
from deploy.simulators.openai.chat import check_model, reasons
from deploy.simulators.openai.efforts import check_effort
from deploy.simulators.openai.kept_objects import KEPT
from deploy.simulators.openai.responses_events import Events
from deploy.simulators.openai.responses_object import ResponseObject
from deploy.simulators.openai.responses_requests import (
    Allowed,
    FormatObject,
    FormatSchema,
    FunctionTool,
    NamedCustom,
    NamedFunction,
    ResponseRequest,
)
from deploy.simulators.openai.schemas import check_schema
from deploy.simulators.openai.stored import Stored, key_of
from deploy.simulators.playback import Work
from deploy.simulators.token_counts import json_tokens, text_tokens

STORED = web.AppKey("STORED", Stored)


def prepare(body: Any, request: web.Request) -> Work:
    """Raises `Violation`, `Refusal`, or ValueError for a wrong directive."""
    parsed = _read(body)
    check_model(parsed.model)
    _check(parsed)
    stored, key = request.app[STORED], key_of(request)
    open_calls = stored.calls_of(key, parsed.previous_response_id)
    stored.check(key, body)
    responses_turns.check_turns(parsed.input, open_calls)
    items = responses_turns.normalised(body["input"])
    prompt_text = directives.last_text(
        (str(each.get("role")), directives.text_of(each.get("content"))) for each in items
    )
    directive = directives.read(prompt_text)
    answer = compose(_spec(parsed, body, items, directive))
    response = ResponseObject(parsed, body, answer, directive)
    events = Events(parsed, answer, response)
    if parsed.store is not False:
        calls = {response.call_id(n) for n, _ in enumerate(answer.calls)}
        stored.keep(key, response.id, calls, [each["id"] for each in response.items()])
        request.app[KEPT].keep(key, events.response(), items)
    return Work(
        directive,
        events.response,
        events.stream if parsed.stream else None,
        lambda number: events.failure(number, directive.secret),
        prompt_text=prompt_text,
    )


def count(body: Any, _: web.Request) -> Work:
    """The tokens of a request. Raises as `prepare` does."""
    parsed = _read(body)
    check_model(parsed.model)
    items = responses_turns.normalised(body["input"])
    prompt_text = directives.last_text(
        (str(each.get("role")), directives.text_of(each.get("content"))) for each in items
    )
    counted = {"object": "response.input_tokens", "input_tokens": _count(parsed, body, items)}
    return Work(directives.read(prompt_text), lambda: counted, prompt_text=prompt_text)


def _read(body: Any) -> ResponseRequest:
    if isinstance(body, dict) and "input" in body:
        return validation.read(
            body | {"input": responses_turns.normalised(body["input"])}, ResponseRequest
        )
    return validation.read(body, ResponseRequest)


def _check(parsed: ResponseRequest) -> None:
    if reasons(parsed.model):
        for name in ("temperature", "top_p"):
            if getattr(parsed, name) is not None:
                message = f"Unsupported parameter: '{name}' is not supported with this model."
                raise errors.invalid(message, name)
    effort = parsed.reasoning.effort if parsed.reasoning else None
    check_effort(parsed.model, effort, "reasoning.effort")
    tools = parsed.tools or ()
    for number, tool in enumerate(tools):
        if isinstance(tool, FunctionTool) and tool.parameters and tool.strict:
            subject, param = f"function '{tool.name}'", f"tools[{number}].parameters"
            check_schema(tool.parameters, subject, param, "invalid_function_parameters")
    wanted = _named(parsed)
    if wanted is not None and wanted not in {tool.name for tool in tools}:
        message = f"Tool choice 'function' not found in 'tools' parameter: {wanted}."
        raise errors.invalid(message, "tool_choice")
    response_format = parsed.text.format if parsed.text else None
    if isinstance(response_format, FormatSchema) and response_format.strict:
        subject = f"response_format '{response_format.name}'"
        check_schema(response_format.schema, subject, "text.format.schema", "invalid_json_schema")


def _named(parsed: ResponseRequest) -> str | None:
    choice = parsed.tool_choice
    return choice.name if isinstance(choice, NamedFunction | NamedCustom) else None


def _spec(
    parsed: ResponseRequest,
    body: dict[str, Any],
    items: list[dict[str, Any]],
    directive: directives.Directive,
) -> AnswerSpec:
    choice, reasoning = parsed.tool_choice, parsed.reasoning
    required = choice == "required" or (isinstance(choice, Allowed) and choice.mode == "required")
    effort = reasoning.effort if reasoning else None
    functions = [tool for tool in parsed.tools or () if isinstance(tool, FunctionTool)]
    return AnswerSpec(
        directive=directive,
        prompt_tokens=_count(parsed, body, items),
        offers=()
        if choice == "none"
        else tuple(Offer(f.name, f.parameters or {}) for f in functions),
        must=_named(parsed) or (True if required else None),
        parallel=parsed.parallel_tool_calls is not False,
        answered=_is_answered(items),
        schema=_schema(parsed),
        limit=parsed.max_output_tokens,
        thinks=reasons(parsed.model) or effort not in (None, "none", "minimal"),
        request=body,
    )


def _schema(parsed: ResponseRequest) -> dict[str, Any] | None:
    wanted = parsed.text.format if parsed.text else None
    if isinstance(wanted, FormatSchema):
        return wanted.schema
    return {"const": {"simulated": True}} if isinstance(wanted, FormatObject) else None


def _is_answered(items: list[dict[str, Any]]) -> bool:
    """Whether there is the output of a tool since the model's last item."""
    since = directives.since_answer(items, _is_models)
    return any(str(each.get("type")).endswith("_output") for each in since)


def _is_models(item: dict[str, Any]) -> bool:
    return item.get("role") == "assistant" or str(item.get("type")).endswith("_call")


def _count(parsed: ResponseRequest, body: dict[str, Any], items: list[dict[str, Any]]) -> int:
    texts = [directives.text_of(item.get("content", item.get("output"))) for item in items]
    texts.append(parsed.instructions or "")
    return json_tokens(body.get("tools")) + sum(4 + text_tokens(text) for text in texts)
