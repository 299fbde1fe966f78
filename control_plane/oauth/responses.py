"""How endpoints for programs answer: JSON nobody keeps, and refusals as RFC 6749, 5.2 has them."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from control_plane.http.middleware import LOG_FIELDS, Handler
from control_plane.identity.context import IdentityContext
from control_plane.identity.throttle import TooManyTries
from control_plane.kit.client_info import client_ip
from control_plane.oauth import cors
from control_plane.oauth.errors import OAuthError

Endpoint = Callable[[web.Request, IdentityContext], Awaitable[web.Response]]
_FRESH = {"Cache-Control": "no-store"}
_FAILURES_MAX = 300


def oauth(context: IdentityContext, endpoint: Endpoint) -> Handler:
    """A handler; its refusals are told in the log by name. Who fails too often has to wait."""

    async def handle(request: web.Request) -> web.Response:
        response = await _answer(request, context, endpoint)
        return await cors.allow(request, context, response)

    return handle


async def _answer(
    request: web.Request, context: IdentityContext, endpoint: Endpoint
) -> web.Response:
    try:
        return await endpoint(request, context)
    except OAuthError as error:
        request[LOG_FIELDS].update(oauth_error=error.error)
        return refuse(await _slowed(request, context, error))
    except TooManyTries as refusal:
        return refuse(_slow_down(refusal))


async def _slowed(request: web.Request, context: IdentityContext, error: OAuthError) -> OAuthError:
    """The same error, or, after too many of them from one address, that it has to wait."""
    if error.error in {"invalid_grant", "invalid_client"}:
        try:
            await context.throttle.count("oauth", client_ip(request), _FAILURES_MAX)
        except TooManyTries as refusal:
            return _slow_down(refusal)
    return error


def _slow_down(refusal: TooManyTries) -> OAuthError:
    description = "too many tries: wait and try again"
    return OAuthError("slow_down", description, status=429, headers=refusal.headers)


def fresh(body: Any, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers=_FRESH)


def refuse(error: OAuthError) -> web.Response:
    body = {"error": error.error, "error_description": error.description}
    return web.json_response(body, status=error.status, headers={**_FRESH, **error.headers})
