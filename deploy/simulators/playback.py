"""Answers a request of any vendor: reads it, rejects it, or plays its answer frame by frame.

An endpoint is a pure function from a request's body to `Work`. All waiting, writing and hanging up
is done here, so that delays, cuts and stalls are the same on every protocol.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web

from deploy.simulators.directive import Directive
from deploy.simulators.refusal import Refusal
from deploy.simulators.request_log import BODY_MAX, ENTRY, JOURNAL, Entry
from deploy.simulators.validation import Violation

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_DAY_S = 24 * 3600
UNRECORDED = ("/sim/", "/health")
EVENT_STREAM = "text/event-stream; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Work:
    """A checked request. `frames` is None when no stream was requested.

    `failure` gives what a stream sends when it fails at the frame of that number.
    """

    directive: Directive
    response: Callable[[], Any]
    frames: Callable[[], Sequence[bytes]] | None = None
    failure: Callable[[int], bytes] = bytes
    content_type: str = EVENT_STREAM
    prompt_text: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vendor:
    """How a vendor checks keys and reports errors. `check_key` raises `Refusal`."""

    check_key: Callable[[web.Request], None]
    explain: Callable[[Violation, Any], Refusal]
    refuse: Callable[[str], Refusal]
    simulate: Callable[[Directive], Refusal]
    headers: Callable[[], dict[str, str]] = field(default=dict)


Prepare = Callable[[Any, web.Request], Work]


def surface(vendor: Vendor, prepare: Prepare) -> Handler:
    """A handler that plays what `prepare` returns for the request's body."""

    async def handle(request: web.Request) -> web.StreamResponse:
        entry, body = request[ENTRY], None
        try:
            vendor.check_key(request)
            body = await _body(request, entry, vendor)
            work = prepare(body, request)
            await asyncio.sleep(work.directive.first_delay_ms / 1000)
            _fail(request, work, vendor)
        except Violation as violation:
            return _answer(vendor, vendor.explain(violation, body))
        except Refusal as refusal:
            return _answer(vendor, refusal)
        except ValueError as error:
            return _answer(vendor, vendor.refuse(str(error)))
        if work.frames is None:
            await _obstruct(request, work.directive, entry)
            return web.json_response(
                body=_json(work.response()), headers=vendor.headers() | work.headers
            )
        headers = vendor.headers() | work.headers | {"Content-Type": work.content_type}
        return await _play(request, work, headers)

    return handle


def lookup(vendor: Vendor, find: Callable[[web.Request], Any]) -> Handler:
    """A handler for requests about what there is: models, stored objects."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            vendor.check_key(request)
            found = find(request)
            answer = await found if inspect.isawaitable(found) else found
            return web.json_response(body=_json(answer), headers=vendor.headers())
        except Refusal as refusal:
            return _answer(vendor, refusal)

    return handle


@web.middleware
async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Logs the request and its outcome. aiohttp cancels the handler when the client disconnects."""
    if request.path.startswith(UNRECORDED):
        return await handler(request)
    entry = request[ENTRY] = request.app[JOURNAL].open(request)
    try:
        response = await handler(request)
    except (asyncio.CancelledError, ConnectionError):
        entry.outcome = "left"
        raise
    except web.HTTPException as refused:
        entry.status, entry.outcome = refused.status, "answered"
        raise
    entry.status = response.status
    entry.outcome = "answered" if entry.outcome == "open" else entry.outcome
    return response


async def _body(request: web.Request, entry: Entry, vendor: Vendor) -> Any:
    raw = await request.read()
    entry.raw = raw if len(raw) <= BODY_MAX else b'"too long to keep"'
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError as error:
        raise vendor.refuse(f"We could not parse the JSON body of your request: {error}") from error


def _fail(request: web.Request, work: Work, vendor: Vendor) -> None:
    directive = work.directive
    if not directive.fails:
        return
    key = (request.path, work.prompt_text)
    if not directive.flaky or request.app[JOURNAL].fails_again(key, directive.flaky):
        raise vendor.simulate(directive)


async def _play(request: web.Request, work: Work, headers: dict[str, str]) -> web.StreamResponse:
    entry, directive = request[ENTRY], work.directive
    assert work.frames is not None
    frames = work.frames()
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    for number, frame in enumerate(frames, 1):
        if number == directive.fail_at_frame:
            return _cut(request, response, entry)
        if number == directive.stall_at_frame:
            await asyncio.sleep(_DAY_S)
        if directive.frame_delay_ms and number > 1:
            await asyncio.sleep(directive.frame_delay_ms / 1000)
        if number == directive.error_at_frame:
            await response.write(work.failure(number))
            break
        await response.write(frame)
        entry.keep(frame)
    await response.write_eof()
    return response


async def _obstruct(request: web.Request, directive: Directive, entry: Entry) -> None:
    """A plain answer is one frame, so a failure or stall at any frame applies to it."""
    if directive.stall_at_frame:
        await asyncio.sleep(_DAY_S)
    if directive.fail_at_frame:
        _cut(request, web.Response(), entry)


def _cut(request: web.Request, response: web.StreamResponse, entry: Entry) -> web.StreamResponse:
    """Drops the connection as a crash would, without a last chunk."""
    entry.outcome = "cut"
    if request.transport is not None:
        request.transport.abort()
    return response


def _answer(vendor: Vendor, refusal: Refusal) -> web.Response:
    headers = vendor.headers() | refusal.headers
    return web.json_response(body=_json(refusal.body), status=refusal.status, headers=headers)


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value)
