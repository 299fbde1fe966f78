"""/oauth/logout (RP-Initiated Logout 1.0): the browser's session ends, here and in the browser.

Without an ID token that names the person who is signed in, the person is asked first: any page on
the web can link here.
"""

from urllib.parse import urlencode

from aiohttp import web

from control_plane.kit import rendering
from control_plane.oidc import id_tokens, store
from control_plane.oidc.errors import PageError
from control_plane.oidc.parameters import Parameters, of_form, of_query
from control_plane.oidc.records import Client
from control_plane.pages.visit import Visit

_CARRIED = ("id_token_hint", "post_logout_redirect_uri", "client_id", "state")


async def logout(visit: Visit) -> web.Response:
    """By GET, or by a client's POST. Raises PageError for an address that is not registered."""
    parameters = of_query(visit.request)
    if visit.request.method == "POST":
        parameters = await of_form(visit.request)
    if parameters.find("csrf") is not None:
        return await _confirmed(visit)
    parameters.check_single()
    given = {name: parameters.find(name) or "" for name in _CARRIED}
    hinted = await _hinted(visit, given["id_token_hint"])
    client = await _client(visit, parameters, hinted)
    _check_return(given["post_logout_redirect_uri"], client)
    is_known = hinted is not None and visit.session is not None
    if visit.session is None or (is_known and hinted and hinted["sub"] == visit.session.user_id):
        return await _end(visit, given)
    values = {
        "heading": "Sign out?",
        "message": "You will be signed out of this browser.",
        "action": "/oauth/logout",
        "button": "Sign out",
        "back": ("/account", "Stay signed in"),
    }
    return visit.show("confirm.html", values, hidden=given)


async def _confirmed(visit: Visit) -> web.Response:
    form = await visit.form()
    hinted = await _hinted(visit, form["id_token_hint"])
    client = await _client(visit, Parameters(list(form.items())), hinted)
    _check_return(form["post_logout_redirect_uri"], client)
    return await _end(visit, form)


async def _end(visit: Visit, given: dict[str, str]) -> web.Response:
    await visit.sign_out()
    uri = given["post_logout_redirect_uri"]
    if not uri:
        values = {"heading": "Signed out", "message": "You are signed out of this browser."}
        return visit.show("message.html", {**values, "link": "/login", "link_text": "Sign in"})
    query = urlencode({"state": given["state"]}) if given["state"] else ""
    separator = "&" if "?" in uri else "?"
    return visit.mark(rendering.redirect(f"{uri}{separator}{query}" if query else uri))


async def _hinted(visit: Visit, hint: str) -> dict[str, str] | None:
    if not hint:
        return None
    keys = await visit.provider.keys.load_verifying()
    return id_tokens.read_hint(hint, keys, visit.provider.issuer)


async def _client(
    visit: Visit, parameters: Parameters, hinted: dict[str, str] | None
) -> Client | None:
    named = parameters.find("client_id")
    if named and hinted and hinted.get("aud") != named:
        raise PageError("The ID token is not this application's.")
    name = named or (hinted or {}).get("aud")
    return await store.find_client(visit.provider.pool, name) if name else None


def _check_return(uri: str, client: Client | None) -> None:
    if uri and (client is None or uri not in client.post_logout_redirect_uris):
        raise PageError("The application wants to return to an unknown place.")
