"""Responses of the OAuth endpoints: JSON that is not cached, and errors (RFC 6749, section 5.2)."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from control_plane.http.middleware import LOG_FIELDS, Handler
from control_plane.identity.context import IdentityContext
from control_plane.identity.throttle import Count, TooManyAttempts
from control_plane.kit.client_info import client_network
from control_plane.oauth import cors
from control_plane.oauth.errors import OAuthError

Endpoint = Callable[[web.Request, IdentityContext], Awaitable[web.Response]]
_NO_STORE = {"Cache-Control": "no-store"}
_FAILURES_MAX = 300
_GUESSES = frozenset({"invalid_grant", "invalid_client"})


def oauth_handler(context: IdentityContext, endpoint: Endpoint) -> Handler:
    """A handler that turns OAuthError into JSON, and adds CORS."""

    async def handle(request: web.Request) -> web.Response:
        response = await _handle(request, context, endpoint)
        return await cors.allow(request, context, response)

    return handle


def limited(endpoint: Endpoint) -> Endpoint:
    """Limits guessing of client secrets, codes and refresh tokens by network, before any is looked
    up: above the limit the right one is refused, too.
    """

    async def handle(request: web.Request, context: IdentityContext) -> web.Response:
        limit = Count("oauth", client_network(request), _FAILURES_MAX)
        await context.throttle.begin(limit)
        try:
            response = await endpoint(request, context)
        except OAuthError as error:
            if error.error not in _GUESSES:
                await context.throttle.succeed(limit)
            raise
        await context.throttle.succeed(limit)
        return response

    return handle


def no_store_json(body: Any, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers=_NO_STORE)


def error_response(error: OAuthError) -> web.Response:
    body = {"error": error.error, "error_description": error.description}
    return web.json_response(body, status=error.status, headers={**_NO_STORE, **error.headers})


async def _handle(
    request: web.Request, context: IdentityContext, endpoint: Endpoint
) -> web.Response:
    try:
        return await endpoint(request, context)
    except OAuthError as error:
        request[LOG_FIELDS].update(oauth_error=error.error)
        return error_response(error)
    except TooManyAttempts as refusal:
        return error_response(_slow_down(refusal))


def _slow_down(refusal: TooManyAttempts) -> OAuthError:
    description = "too many attempts, try again later"
    return OAuthError("slow_down", description, status=429, headers=refusal.headers)
