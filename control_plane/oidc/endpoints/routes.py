"""Every path of the provider that programs call, as a table. Pages are the pages' own."""

from aiohttp import web

from control_plane.oidc.endpoints import (
    device_authorization,
    metadata,
    origins,
    revoke,
    token,
    userinfo,
)
from control_plane.oidc.endpoints.answering import Endpoint, oauth
from control_plane.oidc.provider import Provider

ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/.well-known/openid-configuration", metadata.configuration),
    ("GET", "/.well-known/oauth-authorization-server", metadata.configuration),
    ("GET", "/oauth/jwks", metadata.jwks),
    ("POST", "/oauth/token", token.token),
    ("OPTIONS", "/oauth/token", origins.preflight),
    ("POST", "/oauth/revoke", revoke.revoke),
    ("OPTIONS", "/oauth/revoke", origins.preflight),
    ("GET", "/oauth/userinfo", userinfo.userinfo),
    ("POST", "/oauth/userinfo", userinfo.userinfo),
    ("OPTIONS", "/oauth/userinfo", origins.preflight),
    ("POST", "/oauth/device_authorization", device_authorization.device_authorization),
)


def add_routes(app: web.Application, provider: Provider) -> None:
    """Put the whole table into an application."""
    for method, path, endpoint in ROUTES:
        app.router.add_route(method, path, oauth(provider, endpoint))
