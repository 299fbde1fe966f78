"""`generateContent`, streamed or not, and `countTokens`: checks a request, prepares its answer.

Source: Gemini API reference, https://ai.google.dev/api/generate-content and
https://ai.google.dev/api/tokens.
"""

from typing import Any

from aiohttp import web

from deploy.simulators import directive as directives
from deploy.simulators import validation
from deploy.simulators.answers import AnswerSpec, compose
from deploy.simulators.google import prompt, turns
from deploy.simulators.google.errors import invalid, missing_model, wrong_field
from deploy.simulators.google.frames import Frames, array_frames, sse_frames
from deploy.simulators.google.prompt import Prompt
from deploy.simulators.google.requests import (
    CountRequest,
    GenerateRequest,
    GenerationConfig,
    camel,
)
from deploy.simulators.google.schemas import json_schema, standard
from deploy.simulators.google.stored import check_stored
from deploy.simulators.google.tools import check_tools
from deploy.simulators.playback import EVENT_STREAM, Work
from deploy.simulators.token_counts import json_tokens

_JSON = "application/json"
_MIME_TYPES = (None, "text/plain", _JSON, "text/x.enum")


def generate(body: Any, request: web.Request) -> Work:
    """The plain answer. Raises `Violation`, `Refusal`, or ValueError for a wrong directive."""
    directive, frames, prompt_text = _prepare(body, _model(request, "generateContent"))
    headers = _headers(frames)
    return Work(directive, frames.response, prompt_text=prompt_text, headers=headers)


def stream(body: Any, request: web.Request) -> Work:
    """Server-sent events with `alt=sse`, else a JSON array that is streamed."""
    directive, frames, prompt_text = _prepare(body, _model(request, "streamGenerateContent"))
    is_sse = request.query.get("alt") == "sse"
    encode = sse_frames if is_sse else array_frames
    return Work(
        directive,
        frames.response,
        lambda: encode(frames.chunks()),
        lambda number: frames.failure(number, is_sse),
        EVENT_STREAM if is_sse else "application/json; charset=UTF-8",
        prompt_text,
        _headers(frames),
    )


def _headers(frames: Frames) -> dict[str, str]:
    """Source: https://ai.google.dev/gemini-api/docs/priority-inference."""
    return {"x-gemini-service-tier": frames.tier or "standard"}


def count(body: Any, request: web.Request) -> Work:
    """Counts the tokens of a prompt."""
    _model(request, "countTokens")
    body = camel(body)
    parsed = validation.read(body, CountRequest)
    inner = body.get("generateContentRequest") or body
    if not (parsed.contents or parsed.generate_content_request):
        raise invalid("* CountTokensRequest.contents: contents is not specified\n")
    details = prompt.details(inner)
    total = sum(detail["tokenCount"] for detail in details)
    prompt_text = prompt.prompt_text(inner)
    answer = {"totalTokens": total, "promptTokensDetails": details}
    return Work(directives.read(prompt_text), lambda: answer, prompt_text=prompt_text)


def _model(request: web.Request, method: str) -> str:
    name = request.match_info["model"]
    if name.startswith("no-such"):
        raise missing_model(name, method)
    return name


def _prepare(value: Any, model: str) -> tuple[directives.Directive, Frames, str]:
    body = camel(value)
    parsed = validation.read(body, GenerateRequest)
    check_stored(body)
    offers = check_tools(parsed, body)
    _check_config(parsed, model)
    turns.check_turns(parsed, model)
    prompt_text = prompt.prompt_text(body)
    directive = directives.read(prompt_text)
    config = parsed.generation_config
    thinking = config.thinking_config
    calling = parsed.tool_config.function_calling_config if parsed.tool_config else None
    details = prompt.details(body)
    tokens = _sum(details) + json_tokens(body.get("tools"))
    off = thinking is not None and thinking.thinking_budget == 0
    answer = compose(
        AnswerSpec(
            directive=directive,
            prompt_tokens=tokens,
            offers=offers,
            must=calling is not None and calling.mode == "ANY",
            answered=turns.answered(parsed.contents),
            schema=_schema(config, body),
            limit=config.max_output_tokens,
            stops=tuple(config.stop_sequences or ()),
            thinks=not off and (turns.thinks_always(model) or thinking is not None),
            request=value,
        )
    )
    spoken = [*details]
    spoken[0] = details[0] | {"tokenCount": details[0]["tokenCount"] + tokens - _sum(details)}
    return directive, Frames(model, parsed, answer, Prompt(directive, spoken)), prompt_text


def _sum(details: list[dict[str, Any]]) -> int:
    return sum(detail["tokenCount"] for detail in details)


def _check_config(parsed: GenerateRequest, model: str) -> None:
    config = parsed.generation_config
    where = "generation_config"
    mime_type = config.response_mime_type
    if mime_type not in _MIME_TYPES:
        allowed = "`text/plain`, `application/json`, `application/xml`, `application/yaml` and "
        message = f"allowed mimetypes are {allowed}`text/x.enum`."
        raise wrong_field(f"{where}.response_mime_type", message)
    with_schema = config.response_schema is not None or config.response_json_schema is not None
    if with_schema and mime_type not in (_JSON, "text/x.enum"):
        message = "response_mime_type must be `application/json` when a response schema is set."
        raise wrong_field(f"{where}.response_schema", message)
    if config.response_schema is not None and config.response_json_schema is not None:
        raise wrong_field(where, "only one of response_schema and response_json_schema may be set.")
    if parsed.tools and mime_type == _JSON and model.startswith(("gemini-1", "gemini-2")):
        raise invalid(f"Function calling with a response mime type: '{_JSON}' is unsupported")
    if config.logprobs is not None and not config.response_logprobs:
        raise wrong_field(f"{where}.logprobs", "logprobs is only allowed with response_logprobs.")
    thinking = config.thinking_config
    if thinking is not None and thinking.thinking_level is not None:
        if thinking.thinking_budget is not None:
            raise invalid("You can only set only one of thinking budget and thinking level.")
        if model.startswith(("gemini-1", "gemini-2")):
            raise invalid("Thinking level is not supported for this model.")


def _schema(config: GenerationConfig, body: dict[str, Any]) -> dict[str, Any] | None:
    if config.response_mime_type != _JSON:
        return None
    value = body.get("generationConfig") or {}
    if value.get("responseJsonSchema"):
        return standard(value["responseJsonSchema"])
    return json_schema(value.get("responseSchema")) or {"const": {"simulated": True}}
