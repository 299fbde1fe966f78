"""How endpoints for programs answer: JSON nobody keeps, and refusals as RFC 6749, 5.2 has them."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from control_plane.kit.middleware import TOLD, Handler
from control_plane.kit.throttle import TooManyTries, address_of
from control_plane.oidc.endpoints import origins
from control_plane.oidc.errors import OAuthError
from control_plane.oidc.provider import Provider
from control_plane.oidc.records import Origin

Endpoint = Callable[[web.Request, Provider], Awaitable[web.Response]]
_FRESH = {"Cache-Control": "no-store"}
_AGENT_MAX = 300
_FAILURES_MAX = 300


def oauth(provider: Provider, endpoint: Endpoint) -> Handler:
    """A handler; its refusals are told in the log by name. Who fails too often has to wait."""

    async def handle(request: web.Request) -> web.Response:
        response = await _answer(request, provider, endpoint)
        return await origins.allow(request, provider, response)

    return handle


async def _answer(request: web.Request, provider: Provider, endpoint: Endpoint) -> web.Response:
    try:
        return await endpoint(request, provider)
    except OAuthError as error:
        request[TOLD].update(oauth_error=error.error)
        return refuse(await _slowed(request, provider, error))
    except TooManyTries as refusal:
        return refuse(_slow_down(refusal))


async def _slowed(request: web.Request, provider: Provider, error: OAuthError) -> OAuthError:
    """The same error, or, after too many of them from one address, that it has to wait."""
    if error.error in {"invalid_grant", "invalid_client"}:
        try:
            await provider.throttle.count("oauth", address_of(request), _FAILURES_MAX)
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


def origin_of(request: web.Request) -> Origin:
    """For the list of devices."""
    return Origin(address_of(request)[:64], request.headers.get("User-Agent", "")[:_AGENT_MAX])
