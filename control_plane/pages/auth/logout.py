"""/oauth/logout (RP-Initiated Logout 1.0): the browser's session ends, here and in the browser.

Without an ID token that names the person who is signed in, the person is asked first: any page on
the web can link here.
"""

from urllib.parse import urlencode

from aiohttp import web

from control_plane.identity.clients import store as clients
from control_plane.identity.clients.records import Client
from control_plane.identity.tokens import id_tokens
from control_plane.kit import rendering
from control_plane.oauth.errors import PageError
from control_plane.oauth.parameters import Parameters, of_form, of_query
from control_plane.pages.request import PageRequest

_CARRIED = ("id_token_hint", "post_logout_redirect_uri", "client_id", "state")


async def logout(request: PageRequest) -> web.Response:
    """By GET, or by a client's POST. Raises PageError for an address that is not registered."""
    parameters = of_query(request.http)
    if request.http.method == "POST":
        parameters = await of_form(request.http)
    if parameters.find("csrf") is not None:
        return await _confirmed(request)
    parameters.check_single()
    given = {name: parameters.find(name) or "" for name in _CARRIED}
    hinted = await _hinted(request, given["id_token_hint"])
    client = await _client(request, parameters, hinted)
    _check_return(given["post_logout_redirect_uri"], client)
    is_known = hinted is not None and request.session is not None
    if request.session is None or (
        is_known and hinted and hinted["sub"] == request.session.user_id
    ):
        return await _end(request, given)
    values = {
        "heading": "Sign out?",
        "message": "You will be signed out of this browser.",
        "action": "/oauth/logout",
        "button": "Sign out",
        "back": ("/account", "Stay signed in"),
    }
    return request.show("confirm.html", values, hidden=given)


async def _confirmed(request: PageRequest) -> web.Response:
    form = await request.form()
    hinted = await _hinted(request, form["id_token_hint"])
    client = await _client(request, Parameters(list(form.items())), hinted)
    _check_return(form["post_logout_redirect_uri"], client)
    return await _end(request, form)


async def _end(request: PageRequest, given: dict[str, str]) -> web.Response:
    await request.sign_out()
    uri = given["post_logout_redirect_uri"]
    if not uri:
        values = {"heading": "Signed out", "message": "You are signed out of this browser."}
        return request.show("message.html", {**values, "link": "/login", "link_text": "Sign in"})
    query = urlencode({"state": given["state"]}) if given["state"] else ""
    separator = "&" if "?" in uri else "?"
    return request.mark(rendering.redirect(f"{uri}{separator}{query}" if query else uri))


async def _hinted(request: PageRequest, hint: str) -> dict[str, str] | None:
    if not hint:
        return None
    keys = await request.context.keys.load_verifying()
    return id_tokens.read_hint(hint, keys, request.context.issuer)


async def _client(
    request: PageRequest, parameters: Parameters, hinted: dict[str, str] | None
) -> Client | None:
    named = parameters.find("client_id")
    if named and hinted and hinted.get("aud") != named:
        raise PageError("The ID token is not this application's.")
    name = named or (hinted or {}).get("aud")
    return await clients.find_client(request.context.pool, name) if name else None


def _check_return(uri: str, client: Client | None) -> None:
    if uri and (client is None or uri not in client.post_logout_redirect_uris):
        raise PageError("The application wants to return to an unknown place.")
