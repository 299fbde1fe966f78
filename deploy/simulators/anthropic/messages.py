"""`/v1/messages` and `/v1/messages/count_tokens`: checks a request and prepares its answer.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages and
https://docs.anthropic.com/en/api/messages-count-tokens; guides below
https://docs.anthropic.com/en/docs/build-with-claude: extended-thinking, structured-outputs.
"""

from typing import Any

from aiohttp import web

from deploy.simulators import directive as directives
from deploy.simulators import validation
from deploy.simulators.answers import AnswerSpec, Offer, compose
from deploy.simulators.anthropic.betas import check_betas
from deploy.simulators.anthropic.caching import Cached, PromptCache
from deploy.simulators.anthropic.errors import invalid, refusal
from deploy.simulators.anthropic.frames import Frames
from deploy.simulators.anthropic.generations import check_generation
from deploy.simulators.anthropic.media import check_media
from deploy.simulators.anthropic.prompt import pieces_of
from deploy.simulators.anthropic.requests import (
    AnyChoice,
    CountRequest,
    MessageRequest,
    NoChoice,
    ThinkingAdaptive,
    ThinkingEnabled,
    ToolChoice,
    ToolResult,
)
from deploy.simulators.anthropic.schemas import check_schema
from deploy.simulators.anthropic.stored import check_stored
from deploy.simulators.anthropic.tools import check_tools
from deploy.simulators.anthropic.turns import check_turns
from deploy.simulators.playback import Work

CACHE = web.AppKey("CACHE", PromptCache)


def prepare(body: Any, request: web.Request) -> Work:
    """Raises `Violation`, `Refusal`, or ValueError for a wrong directive."""
    parsed = validation.read(body, MessageRequest)
    _check_model(parsed.model)
    check_betas(parsed, request.headers.get("anthropic-beta", ""))
    offers = check_tools(parsed)
    check_generation(parsed)
    _check_sampling(parsed)
    _check_format(parsed)
    check_turns(parsed.messages, isinstance(parsed.thinking, ThinkingEnabled))
    check_media(parsed.messages)
    check_stored(body)
    cached = request.app[CACHE].look_up(parsed.model, pieces_of(body))
    prompt_text = _prompt_text(body)
    directive = directives.read(prompt_text)
    answer = compose(_spec(parsed, body, offers, cached, directive))
    frames = Frames(parsed, answer, directive, cached.ttl)
    return Work(
        directive,
        frames.response,
        frames.stream if parsed.stream else None,
        lambda _: frames.failure(),
        prompt_text=prompt_text,
    )


def count(body: Any, request: web.Request) -> Work:
    """Counts the tokens of a prompt."""
    parsed = validation.read(body, CountRequest)
    _check_model(parsed.model)
    check_betas(parsed, request.headers.get("anthropic-beta", ""))
    check_tools(parsed)
    check_turns(parsed.messages, isinstance(parsed.thinking, ThinkingEnabled))
    total = sum(piece.tokens for piece in pieces_of(body))
    prompt_text = _prompt_text(body)
    return Work(
        directives.read(prompt_text), lambda: {"input_tokens": total}, prompt_text=prompt_text
    )


def _spec(
    parsed: MessageRequest,
    body: dict[str, Any],
    offers: tuple[Offer, ...],
    cached: Cached,
    directive: directives.Directive,
) -> AnswerSpec:
    choice = parsed.tool_choice
    since = directives.since_answer(parsed.messages, lambda each: each.role == "assistant")
    single = not isinstance(choice, NoChoice | None) and choice.disable_parallel_tool_use
    wanted = parsed.format
    return AnswerSpec(
        directive=directive,
        prompt_tokens=cached.total,
        cached_tokens=cached.read,
        cache_write_tokens=cached.written,
        offers=offers,
        must=choice.name if isinstance(choice, ToolChoice) else isinstance(choice, AnyChoice),
        parallel=not single,
        answered=any(isinstance(block, ToolResult) for each in since for block in each.content),
        schema=wanted.schema if wanted else None,
        limit=parsed.max_tokens,
        stops=tuple(parsed.stop_sequences or ()),
        thinks=isinstance(parsed.thinking, ThinkingEnabled | ThinkingAdaptive),
        request=body,
    )


def _prompt_text(body: dict[str, Any]) -> str:
    return directives.last_text(
        (each["role"], directives.text_of(each["content"])) for each in body["messages"]
    )


def _check_model(model: str) -> None:
    if not model:
        raise invalid("model: String should have at least 1 character")
    if model.startswith("no-such"):
        raise refusal(404, f"model: {model}")


def _check_sampling(parsed: MessageRequest) -> None:
    if any(not stop.strip() for stop in parsed.stop_sequences or ()):
        raise invalid("stop_sequences: each stop sequence must contain non-whitespace")
    if not isinstance(parsed.thinking, ThinkingEnabled):
        return
    if parsed.thinking.budget_tokens >= parsed.max_tokens:
        raise invalid("`max_tokens` must be greater than `thinking.budget_tokens`.")
    if parsed.temperature not in (None, 1):
        raise invalid("`temperature` may only be set to 1 when thinking is enabled.")
    if parsed.top_p is not None and parsed.top_p < 0.95:
        raise invalid("`top_p` must be greater than or equal to 0.95 when thinking is enabled.")
    if parsed.top_k is not None:
        raise invalid("`top_k` must be unset when thinking is enabled.")


def _check_format(parsed: MessageRequest) -> None:
    if parsed.format is not None:
        field = "output_format" if parsed.output_format else "output_config.format"
        check_schema(parsed.format.schema, f"{field}.schema")
