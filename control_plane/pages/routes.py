"""Every page as a table: method, path, page. Account pages have a table of their own."""

from importlib.resources import files

from aiohttp import web

from control_plane.http.middleware import Handler
from control_plane.http.routing import add_route
from control_plane.identity.context import IdentityContext
from control_plane.oauth.methods import refuse_other_methods
from control_plane.pages.account.routes import ACCOUNT_ROUTES
from control_plane.pages.auth import (
    authorize,
    device,
    login,
    logout,
    recovery,
    register,
    second_factor,
)
from control_plane.pages.mailbox import show_email, show_mailbox
from control_plane.pages.pricing import show_pricing
from control_plane.pages.request import Page, page_handler

ROUTES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/pricing", show_pricing),
    ("GET", "/oauth/authorize", authorize.authorize),
    ("POST", "/oauth/authorize", authorize.authorize),
    ("GET", "/oauth/logout", logout.logout),
    ("POST", "/oauth/logout", logout.logout),
    ("GET", "/login", login.show_login),
    ("POST", "/login", login.login),
    ("POST", "/login/passkey", login.login_by_passkey),
    ("GET", "/login/second", second_factor.show_second_factor),
    ("POST", "/login/second", second_factor.second_factor),
    ("GET", "/register", register.show_register),
    ("POST", "/register", register.register),
    ("GET", "/consent", authorize.show_consent),
    ("POST", "/consent", authorize.consent),
    ("GET", "/device", device.show_device),
    ("POST", "/device", device.device),
    ("GET", "/verify-email", recovery.show_verify),
    ("POST", "/verify-email", recovery.verify),
    ("GET", "/forgot-password", recovery.show_forgot),
    ("POST", "/forgot-password", recovery.forgot),
    ("GET", "/reset-password", recovery.show_reset),
    ("POST", "/reset-password", recovery.reset),
    ("GET", "/undo-email", recovery.show_revert),
    ("POST", "/undo-email", recovery.revert),
    *ACCOUNT_ROUTES,
)

MAILBOX: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/dev/mailbox", show_mailbox),
    ("GET", r"/dev/mailbox/{id:\d{1,18}}", show_email),
)

_FILES = {"style.css": "text/css", "passkeys.js": "text/javascript"}


def add_routes(app: web.Application, context: IdentityContext, *, mailbox: bool) -> None:
    """Add all pages, the static files, and with `mailbox` the trial mailbox."""
    table = (*ROUTES, *MAILBOX) if mailbox else ROUTES
    for method, path, page in table:
        add_route(app, method, path, page_handler(context, page))
    oauth = [(method, path) for method, path, _ in ROUTES if path.startswith("/oauth/")]
    refuse_other_methods(app, context, oauth)
    for name, media in _FILES.items():
        add_route(app, "GET", f"/static/{name}", _file(name, media))


def _file(name: str, media: str) -> Handler:
    body = (files("control_plane.pages") / "static" / name).read_bytes()

    async def handle(_: web.Request) -> web.StreamResponse:
        headers = {"Cache-Control": "public, max-age=3600"}
        return web.Response(body=body, content_type=media, headers=headers)

    return handle
