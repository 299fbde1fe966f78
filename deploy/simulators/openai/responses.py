"""`/v1/responses`: from the request to the work, every rule of the vendor on the way."""

from typing import Any

from aiohttp import web

from deploy.simulators import directive as directives
from deploy.simulators import validation
from deploy.simulators.answers import Offer, Wish, compose
from deploy.simulators.openai import errors, responses_turns
from deploy.simulators.openai.chat import check_model, reasons
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
from deploy.simulators.playback import Work
from deploy.simulators.token_counts import json_tokens, text_tokens

STORED = web.AppKey("STORED", responses_turns.Stored)


def prepare(body: Any, request: web.Request) -> Work:
    """Raises `Misfit`, `Refusal`, or ValueError for a wrong directive."""
    asked = _read(body)
    check_model(asked.model)
    _check(asked)
    stored = request.app[STORED]
    open_calls = stored.calls_of(asked.previous_response_id)
    responses_turns.check_turns(asked.input, open_calls)
    items = responses_turns.normalised(body["input"])
    said = directives.last_text(
        (str(each.get("role")), directives.text_of(each.get("content"))) for each in items
    )
    directive = directives.read(said)
    answer = compose(_wish(asked, body, items, directive))
    whole = ResponseObject(asked, body, answer)
    events = Events(asked, answer, whole)
    if asked.store is not False:
        stored.keep(whole.id, {whole.call_id(n) for n, _ in enumerate(answer.calls)})
    return Work(
        directive,
        events.whole,
        events.stream if asked.stream else None,
        lambda number: events.failure(number, directive.secret),
        said=said,
    )


def _read(body: Any) -> ResponseRequest:
    if isinstance(body, dict) and "input" in body:
        return validation.read(
            body | {"input": responses_turns.normalised(body["input"])}, ResponseRequest
        )
    return validation.read(body, ResponseRequest)


def _check(asked: ResponseRequest) -> None:
    if reasons(asked.model):
        for name in ("temperature", "top_p"):
            if getattr(asked, name) is not None:
                message = f"Unsupported parameter: '{name}' is not supported with this model."
                raise errors.invalid(message, name)
    tools = asked.tools or ()
    for number, tool in enumerate(tools):
        if isinstance(tool, FunctionTool) and tool.parameters and tool.strict:
            subject, param = f"function '{tool.name}'", f"tools[{number}].parameters"
            check_schema(tool.parameters, subject, param, "invalid_function_parameters")
    wanted = _named(asked)
    if wanted is not None and wanted not in {tool.name for tool in tools}:
        message = f"Tool choice 'function' not found in 'tools' parameter: {wanted}."
        raise errors.invalid(message, "tool_choice")
    wanted_format = asked.text.format if asked.text else None
    if isinstance(wanted_format, FormatSchema) and wanted_format.strict:
        subject = f"response_format '{wanted_format.name}'"
        check_schema(wanted_format.schema, subject, "text.format.schema", "invalid_json_schema")


def _named(asked: ResponseRequest) -> str | None:
    choice = asked.tool_choice
    return choice.name if isinstance(choice, NamedFunction | NamedCustom) else None


def _wish(
    asked: ResponseRequest,
    body: dict[str, Any],
    items: list[dict[str, Any]],
    directive: directives.Directive,
) -> Wish:
    choice, reasoning = asked.tool_choice, asked.reasoning
    required = choice == "required" or (isinstance(choice, Allowed) and choice.mode == "required")
    effort = reasoning.effort if reasoning else None
    functions = [tool for tool in asked.tools or () if isinstance(tool, FunctionTool)]
    return Wish(
        directive=directive,
        prompt_tokens=_count(asked, body, items),
        offers=()
        if choice == "none"
        else tuple(Offer(f.name, f.parameters or {}) for f in functions),
        must=_named(asked) or (True if required else None),
        parallel=asked.parallel_tool_calls is not False,
        answered=str(items[-1].get("type") if items else "").endswith("_output"),
        schema=_schema(asked),
        limit=asked.max_output_tokens,
        thinks=reasons(asked.model) or effort not in (None, "none", "minimal"),
        request=body,
    )


def _schema(asked: ResponseRequest) -> dict[str, Any] | None:
    wanted = asked.text.format if asked.text else None
    if isinstance(wanted, FormatSchema):
        return wanted.schema
    return {"const": {"simulated": True}} if isinstance(wanted, FormatObject) else None


def _count(asked: ResponseRequest, body: dict[str, Any], items: list[dict[str, Any]]) -> int:
    texts = [directives.text_of(item.get("content", item.get("output"))) for item in items]
    texts.append(asked.instructions or "")
    return json_tokens(body.get("tools")) + sum(4 + text_tokens(text) for text in texts)
