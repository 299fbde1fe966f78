"""The outermost middleware: request id, log line, metrics, errors in one shape, security headers.

What a handler reads of a request is clean: header bytes that are not UTF-8 are replaced, and a path
or query with a NUL character is refused.
"""

import time
from collections.abc import Awaitable, Callable

import asyncpg
import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware
from multidict import CIMultiDict
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from control_plane.http.error_responses import error_response
from control_plane.metrics import HttpMetrics
from shared.auth.credentials import read_request_id
from shared.calls import LedgerAway
from shared.endpoints import unknown
from shared.errors import (
    InternalError,
    InvalidRequest,
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
    "Cache-Control": "no-store",
}
"""For responses that do not set their own. Nearly all of them are about one user."""

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
"""A server that we need does not respond. The caller can try again."""

log = structlog.get_logger()


def observe(metrics: HttpMetrics) -> Middleware:
    """Whatever happens inside, there is a request id, a log line and a response."""

    @web.middleware
    async def surround(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.monotonic()
        request_id = read_request_id(request.headers.get)
        request[REQUEST_ID], request[LOG_FIELDS] = request_id, {}
        response = await _handle(_cleaned(request), handler, request_id)
        response.headers["X-Request-Id"] = request_id
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        _record(metrics, request, response.status, time.monotonic() - started)
        return response

    return surround


def _cleaned(request: web.Request) -> web.Request:
    """aiohttp decodes headers with surrogate escapes; PostgreSQL and JSON can hold none."""
    if all(value.isascii() for value in request.headers.values()):
        return request
    clean = [
        (name, value.encode(errors="surrogateescape").decode(errors="replace"))
        for name, value in request.headers.items()
    ]
    return request.clone(headers=CIMultiDict(clean))


def _check_target(request: web.Request) -> None:
    """Raises InvalidRequest."""
    if "\0" in request.path or any("\0" in text for pair in request.query.items() for text in pair):
        raise InvalidRequest("The URL contains a NUL character.")


async def _handle(request: web.Request, handler: Handler, request_id: str) -> web.StreamResponse:
    try:
        _check_target(request)
        return await handler(request)
    except Refusal as refusal:
        return error_response(refusal, request, request_id)
    except web.HTTPException as error:
        return error_response(_translate(error, request), request, request_id)
    except _UNAVAILABLE as error:
        log.warning("request.unavailable", request_id=request_id, reason=str(error))
        return error_response(ServiceUnavailable(), request, request_id)
    except Exception:
        log.error("request.failed", request_id=request_id, path=request.path, exc_info=True)
        return error_response(InternalError(), request, request_id)


def _translate(error: web.HTTPException, request: web.Request) -> Refusal:
    """The router's and the reader's own refusals, in the words of the contract."""
    if error.status == 404:
        return unknown.refusal(request.method, request.path)
    if isinstance(error, web.HTTPMethodNotAllowed):
        return unknown.refusal(request.method, request.path, sorted(error.allowed_methods))
    if error.status == 413:
        return PayloadTooLarge()
    return InvalidRequest() if error.status < 500 else InternalError()


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
