"""`/v1/completions`: the legacy text completion.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/completions/create.
Seen in recorded answers.
"""

import time
import uuid
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from deploy.simulators import directive as directives
from deploy.simulators import validation
from deploy.simulators.answers import Answer, AnswerSpec, compose
from deploy.simulators.openai import chat_frames, errors
from deploy.simulators.openai.chat import check_model
from deploy.simulators.openai.logprobs import legacy_logprobs
from deploy.simulators.openai.requests import (
    Penalty,
    Share,
    StreamOptions,
    Temperature,
)
from deploy.simulators.playback import Work
from deploy.simulators.token_counts import text_tokens

LIMIT = 16
"""Tokens of an answer when the request sets no limit."""


class CompletionRequest(validation.Strict):
    """The body of `/v1/completions`."""

    model: str
    prompt: str | list[str | int | list[int]] | None
    best_of: Annotated[int, Meta(ge=1, le=20)] | None = None
    echo: bool | None = None
    frequency_penalty: Penalty | None = None
    logit_bias: dict[str, Annotated[float, Meta(ge=-100, le=100)]] | None = None
    logprobs: Annotated[int, Meta(ge=0, le=5)] | None = None
    max_tokens: Annotated[int, Meta(ge=0)] | None = None
    n: Annotated[int, Meta(ge=1, le=128)] | None = None
    presence_penalty: Penalty | None = None
    seed: int | None = None
    stop: str | Annotated[list[str], Meta(max_length=4)] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    suffix: str | None = None
    temperature: Temperature | None = None
    top_p: Share | None = None
    user: str | None = None


def prepare(body: Any, _: web.Request) -> Work:
    """Raises `Violation`, `Refusal`, or ValueError for a wrong directive."""
    parsed = validation.read(body, CompletionRequest)
    check_model(parsed.model)
    _check(parsed)
    prompts = prompts_of(parsed.prompt)
    prompt_text = "\n".join(prompts)
    directive = directives.read(prompt_text)
    stop = parsed.stop
    answer = compose(
        AnswerSpec(
            directive=directive,
            prompt_tokens=sum(text_tokens(prompt) for prompt in prompts),
            limit=LIMIT if parsed.max_tokens is None else parsed.max_tokens,
            stops=(stop,) if isinstance(stop, str) else tuple(stop or ()),
            request=body,
        )
    )
    head = {
        "id": f"cmpl-sim{uuid.uuid4().hex[:24]}",
        "object": "text_completion",
        "created": int(time.time()),
    }
    return Work(
        directive,
        lambda: _response(parsed, answer, head, prompts),
        (lambda: _stream(parsed, answer, head, prompts)) if parsed.stream else None,
        lambda _: chat_frames.failure(directive),
        prompt_text=prompt_text,
    )


def prompts_of(prompt: Any) -> list[str]:
    """Each prompt as text; tokens are written as their numbers."""
    if prompt is None:
        return ["<|endoftext|>"]
    if isinstance(prompt, str):
        return [prompt]
    if prompt and all(isinstance(each, int) for each in prompt):
        return [" ".join(str(token) for token in prompt)]
    return [
        each if isinstance(each, str) else " ".join(str(token) for token in each) for each in prompt
    ]


def _check(parsed: CompletionRequest) -> None:
    if isinstance(parsed.prompt, list) and len({type(each) for each in parsed.prompt}) != 1:
        raise errors.invalid("Invalid type for 'prompt'.", "prompt", "invalid_type")
    if parsed.stream and (parsed.best_of or 1) > (parsed.n or 1):
        raise errors.invalid(
            "You requested that the server return more choices than it can stream."
        )
    if (parsed.best_of or parsed.n or 1) < (parsed.n or 1):
        raise errors.invalid(
            "You requested that the server return more choices than it will generate."
        )
    if parsed.stream_options is not None and not parsed.stream:
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise errors.invalid(message, "stream_options")


def _finish(answer: Answer) -> str:
    return "length" if answer.end == "length" else "stop"


def _response(
    parsed: CompletionRequest, answer: Answer, head: dict[str, Any], prompts: list[str]
) -> dict[str, Any]:
    choices: list[dict[str, Any]] = []
    for prompt in prompts:
        for _ in range(parsed.n or 1):
            before = prompt if parsed.echo else ""
            choices.append(_choice(parsed, before, answer.pieces, len(choices), _finish(answer)))
    body = head | {"model": parsed.model, "choices": choices}
    if answer.counts is None:
        return body
    return body | {"usage": _usage(answer, len(choices))}


def _stream(
    parsed: CompletionRequest, answer: Answer, head: dict[str, Any], prompts: list[str]
) -> list[bytes]:
    starts = [prompt for prompt in prompts for _ in range(parsed.n or 1)]
    with_usage = bool(parsed.stream_options and parsed.stream_options.include_usage)
    more = {"model": parsed.model} | ({"usage": None} if with_usage else {})
    pieces = answer.pieces or [""]
    frames = []
    for place, piece in enumerate(pieces):
        finish = _finish(answer) if place == len(pieces) - 1 else None
        for number, prompt in enumerate(starts):
            before = prompt if parsed.echo and place == 0 else ""
            choice = _choice(parsed, before, [piece], number, finish)
            frames.append(_frame(head | {"choices": [choice]} | more))
    if with_usage and answer.counts is not None:
        counted = {"model": parsed.model, "usage": _usage(answer, len(starts)), "choices": []}
        frames.append(_frame(head | counted))
    return [*frames, chat_frames.DONE]


def _choice(
    parsed: CompletionRequest, before: str, pieces: list[str], number: int, finish: str | None
) -> dict[str, Any]:
    top = parsed.logprobs
    logprobs = None if top is None else legacy_logprobs(pieces, top, len(before))
    text = before + "".join(pieces)
    return {"text": text, "index": number, "logprobs": logprobs, "finish_reason": finish}


def _usage(answer: Answer, answers: int) -> dict[str, int]:
    assert answer.counts is not None
    prompt, output = answer.counts.prompt, answer.counts.output * answers
    return {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output}


def _frame(chunk: dict[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(chunk) + b"\n\n"
