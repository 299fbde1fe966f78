"""The OAuth endpoints that applications call, as a table. Pages have a table of their own."""

from aiohttp import web

from control_plane.http.routing import add_route
from control_plane.identity.context import IdentityContext
from control_plane.oauth import cors, device_authorization, metadata, revoke, userinfo
from control_plane.oauth.methods import refuse_other_methods
from control_plane.oauth.responses import Endpoint, limited, oauth_handler
from control_plane.oauth.token.endpoint import token

ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/.well-known/openid-configuration", metadata.configuration),
    ("GET", "/.well-known/oauth-authorization-server", metadata.configuration),
    ("GET", "/oauth/jwks", metadata.jwks),
    ("POST", "/oauth/token", limited(token)),
    ("OPTIONS", "/oauth/token", cors.preflight),
    ("POST", "/oauth/revoke", limited(revoke.revoke)),
    ("OPTIONS", "/oauth/revoke", cors.preflight),
    ("GET", "/oauth/userinfo", userinfo.userinfo),
    ("POST", "/oauth/userinfo", userinfo.userinfo),
    ("OPTIONS", "/oauth/userinfo", cors.preflight),
    (
        "POST",
        "/oauth/device_authorization",
        limited(device_authorization.device_authorization),
    ),
)


def add_routes(app: web.Application, context: IdentityContext) -> None:
    """Add all OAuth endpoints."""
    for method, path, endpoint in ROUTES:
        add_route(app, method, path, oauth_handler(context, endpoint))
    refuse_other_methods(app, context, [(method, path) for method, path, _ in ROUTES])
