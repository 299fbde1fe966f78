"""The simulated provider's routes: chat completions, the list of models, health."""

import asyncio
from typing import Any

from aiohttp import web

from deploy.embedded.simulated import answer as answers
from deploy.embedded.simulated import directive as directives
from deploy.embedded.simulated import openai_chat
from deploy.embedded.simulated.directive import Directive

MODELS = ("gpt-5", "text-embedding-3-small")
BODY_MAX = 32 * 1024 * 1024


def build_app() -> web.Application:
    app = web.Application(client_max_size=BODY_MAX)
    app.router.add_post("/v1/chat/completions", complete)
    app.router.add_get("/v1/models", list_models)
    app.router.add_get("/health", health)
    return app


async def health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok", "simulated": True})


async def list_models(_: web.Request) -> web.Response:
    models = [{"id": m, "object": "model", "created": 0, "owned_by": "openai"} for m in MODELS]
    return web.json_response({"object": "list", "data": models})


async def complete(request: web.Request) -> web.StreamResponse:
    """One completion, as its directive says."""
    if not request.headers.get("Authorization", "").startswith("Bearer "):
        return _refused(401, "You didn't provide an API key.")
    try:
        body: dict[str, Any] = await request.json()
        directive = directives.read(_messages(body))
    except ValueError as error:
        return _refused(400, str(error))
    await asyncio.sleep(directive.first_delay_ms / 1000)
    if directive.status is not None and directive.status >= 400:
        return _refused(directive.status, "Simulated by the directive.")
    answer = answers.compose(body, directive)
    counted = openai_chat.usage(answer, directive)
    if not body.get("stream"):
        writer = openai_chat.Writer(str(body["model"]), with_usage=True)
        return web.json_response(writer.whole(answer, counted))
    with_usage = bool((body.get("stream_options") or {}).get("include_usage"))
    writer = openai_chat.Writer(str(body["model"]), with_usage)
    frames = list(writer.chunks(answer))
    if with_usage and counted is not None:
        frames.append(writer.usage_chunk(counted))
    return await _stream(request, directive, [*frames, b"data: [DONE]\n\n"])


def _messages(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Raises ValueError in the vendor's words."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise ValueError("Missing required parameter: 'messages'.")
    if not body.get("model"):
        raise ValueError("you must provide a model parameter")
    return messages


async def _stream(
    request: web.Request, directive: Directive, frames: list[bytes]
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    await response.prepare(request)
    for number, frame in enumerate(frames, 1):
        if number == directive.fail_at_frame:
            _cut(request)
            return response
        if number == directive.stall_at_frame:
            await asyncio.sleep(24 * 3600)
        if directive.frame_delay_ms and number > 1:
            await asyncio.sleep(directive.frame_delay_ms / 1000)
        await response.write(frame)
    await response.write_eof()
    return response


def _cut(request: web.Request) -> None:
    """Drops the connection as a crash would: no last chunk, no farewell."""
    if request.transport is not None:
        request.transport.abort()


def _refused(status: int, message: str) -> web.Response:
    headers = {"Retry-After": "1"} if status in (429, 503) else None
    body = openai_chat.error_body(status, message)
    return web.json_response(body, status=status, headers=headers)
