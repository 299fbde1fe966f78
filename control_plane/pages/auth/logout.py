"""/oauth/logout (OpenID Connect RP-Initiated Logout 1.0): ends the browser session.

Without an ID token of the signed-in user, the user is asked first, because any website can link
here.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from control_plane.identity.clients import store as clients
from control_plane.identity.clients.records import Client
from control_plane.identity.tokens import id_tokens
from control_plane.kit import rendering
from control_plane.oauth.errors import PageError
from control_plane.oauth.parameters import Parameters, parse_form, parse_query
from control_plane.pages.request import PageRequest

_CARRIED = ("id_token_hint", "post_logout_redirect_uri", "client_id", "state")


async def logout(request: PageRequest) -> web.Response:
    """By GET, or by a client's POST. Raises PageError for an unregistered redirect URI."""
    parameters = parse_query(request.http)
    if request.http.method == "POST":
        parameters = await parse_form(request.http)
    if parameters.find("csrf") is not None:
        return await _confirmed(request)
    parameters.check_single()
    values = {name: parameters.find(name) or "" for name in _CARRIED}
    hint = await _read_hint(request, values["id_token_hint"])
    client = await _find_client(request, parameters, hint)
    _check_redirect(values["post_logout_redirect_uri"], client)
    session = request.session
    if session is None or (hint is not None and hint["sub"] == session.user_id):
        return await _sign_out(request, values)
    page = {
        "heading": "Sign out?",
        "message": "You will be signed out of this browser.",
        "action": "/oauth/logout",
        "button": "Sign out",
        "back": ("/account", "Stay signed in"),
    }
    return request.render("confirm.html", page, hidden=values)


async def _confirmed(request: PageRequest) -> web.Response:
    form = await request.form()
    hint = await _read_hint(request, form["id_token_hint"])
    client = await _find_client(request, Parameters(list(form.items())), hint)
    _check_redirect(form["post_logout_redirect_uri"], client)
    return await _sign_out(request, form)


async def _sign_out(request: PageRequest, values: Mapping[str, str]) -> web.Response:
    await request.sign_out()
    uri = values["post_logout_redirect_uri"]
    if not uri:
        message = "You were signed out of this browser."
        return request.render_message("Signed out", message, ("/login", "Sign in"))
    query = urlencode({"state": values["state"]}) if values["state"] else ""
    separator = "&" if "?" in uri else "?"
    location = f"{uri}{separator}{query}" if query else uri
    return request.with_cookies(rendering.redirect(location))


async def _read_hint(request: PageRequest, token: str) -> dict[str, Any] | None:
    if not token:
        return None
    keys = await request.context.keys.load_verifying()
    return id_tokens.read_hint(token, keys, request.context.issuer)


async def _find_client(
    request: PageRequest, parameters: Parameters, hint: dict[str, Any] | None
) -> Client | None:
    client_id = parameters.find("client_id")
    if client_id and hint and hint.get("aud") != client_id:
        raise PageError("The ID token was issued to another application.")
    client_id = client_id or (hint or {}).get("aud")
    return await clients.find_client(request.context.pool, client_id) if client_id else None


def _check_redirect(uri: str, client: Client | None) -> None:
    if uri and (client is None or uri not in client.post_logout_redirect_uris):
        raise PageError("The application asked to return to an address that is not registered.")
