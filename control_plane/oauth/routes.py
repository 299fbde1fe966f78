"""The OAuth endpoints that applications call, as a table. Pages have a table of their own."""

from aiohttp import web

from control_plane.http.routing import add_route
from control_plane.identity.context import IdentityContext
from control_plane.oauth import cors, device_authorization, metadata, revoke, userinfo
from control_plane.oauth.responses import Endpoint, oauth_handler
from control_plane.oauth.token.endpoint import token

ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/.well-known/openid-configuration", metadata.configuration),
    ("GET", "/.well-known/oauth-authorization-server", metadata.configuration),
    ("GET", "/oauth/jwks", metadata.jwks),
    ("POST", "/oauth/token", token),
    ("OPTIONS", "/oauth/token", cors.preflight),
    ("POST", "/oauth/revoke", revoke.revoke),
    ("OPTIONS", "/oauth/revoke", cors.preflight),
    ("GET", "/oauth/userinfo", userinfo.userinfo),
    ("POST", "/oauth/userinfo", userinfo.userinfo),
    ("OPTIONS", "/oauth/userinfo", cors.preflight),
    ("POST", "/oauth/device_authorization", device_authorization.device_authorization),
)


def add_routes(app: web.Application, context: IdentityContext) -> None:
    """Add all OAuth endpoints."""
    for method, path, endpoint in ROUTES:
        add_route(app, method, path, oauth_handler(context, endpoint))
