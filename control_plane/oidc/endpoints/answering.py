"""How endpoints for programs answer: JSON nobody keeps, and refusals as RFC 6749, 5.2 has them."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from control_plane.kit.middleware import TOLD, Handler
from control_plane.kit.throttle import address_of
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
        try:
            return await endpoint(request, provider)
        except OAuthError as error:
            request[TOLD].update(oauth_error=error.error)
            if error.error in {"invalid_grant", "invalid_client"}:
                await provider.throttle.count("oauth", address_of(request), _FAILURES_MAX)
            return refuse(error)

    return handle


def fresh(body: Any, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers=_FRESH)


def refuse(error: OAuthError) -> web.Response:
    body = {"error": error.error, "error_description": error.description}
    return web.json_response(body, status=error.status, headers={**_FRESH, **error.headers})


def origin_of(request: web.Request) -> Origin:
    """For the list of devices."""
    return Origin(address_of(request)[:64], request.headers.get("User-Agent", "")[:_AGENT_MAX])
