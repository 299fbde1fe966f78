"""What surrounds every request: its id, one wide log line, its metrics, errors in one shape, and
the headers that keep a browser from doing what nobody asked for.
"""

import time
from collections.abc import Awaitable, Callable

import asyncpg
import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from control_plane.metrics import HttpMetrics
from shared.auth.credentials import read_request_id
from shared.calls import LedgerAway
from shared.errors import (
    InternalError,
    InvalidRequest,
    NotFound,
    PayloadTooLarge,
    Refusal,
    ServiceUnavailable,
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

REQUEST_ID = web.RequestKey("request_id", str)
LOG_FIELDS: web.RequestKey[dict[str, str]] = web.RequestKey("log_fields", dict)
"""What an endpoint adds to the request's log line."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}

_UNAVAILABLE = (
    OSError,
    TimeoutError,
    LedgerAway,
    RedisConnectionError,
    RedisTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)
"""A server we need does not answer: the caller may come again, nothing here is at fault."""

log = structlog.get_logger()


class MethodNotAllowed(InvalidRequest):
    """This path does not take this method."""

    status = 405


def observe(metrics: HttpMetrics) -> Middleware:
    """The outermost one: whatever happens inside, there is an id, a line and an answer."""

    @web.middleware
    async def surround(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.monotonic()
        request_id = read_request_id(request.headers.get)
        request[REQUEST_ID], request[LOG_FIELDS] = request_id, {}
        response = await _handle(request, handler, request_id)
        response.headers["X-Request-Id"] = request_id
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        _record(metrics, request, response.status, time.monotonic() - started)
        return response

    return surround


async def _handle(request: web.Request, handler: Handler, request_id: str) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refusal as refusal:
        return _refuse(refusal, request_id)
    except web.HTTPException as error:
        return _refuse(_translate(error), request_id)
    except _UNAVAILABLE as error:
        log.warning("request.unavailable", request_id=request_id, reason=str(error))
        return _refuse(ServiceUnavailable(), request_id)
    except Exception:
        log.error("request.failed", request_id=request_id, path=request.path, exc_info=True)
        return _refuse(InternalError(), request_id)


def _translate(error: web.HTTPException) -> Refusal:
    """The router's and the reader's own refusals, in the words of the contract."""
    if error.status == 404:
        return NotFound()
    if error.status == 405:
        return MethodNotAllowed(headers={"Allow": error.headers.get("Allow", "")})
    if error.status == 413:
        return PayloadTooLarge()
    return InvalidRequest() if error.status < 500 else InternalError()


def _refuse(refusal: Refusal, request_id: str) -> web.Response:
    return web.json_response(
        refusal.body(request_id), status=refusal.status, headers=refusal.headers
    )


def _record(metrics: HttpMetrics, request: web.Request, status: int, seconds: float) -> None:
    resource = request.match_info.route.resource
    route = resource.canonical if resource else "none"
    metrics.requests.labels(request.method, route, status).inc()
    metrics.seconds.labels(route).observe(seconds)
    log.info(
        "request",
        request_id=request[REQUEST_ID],
        method=request.method,
        route=route,
        status=status,
        duration_ms=round(seconds * 1000, 1),
        **request[LOG_FIELDS],
    )
