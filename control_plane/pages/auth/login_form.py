"""The form to sign in or up: what is known fills it, and it carries where the user was going."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from aiohttp import web

from control_plane.identity.clients import store as clients
from control_plane.identity.mfa import passkeys, verification
from control_plane.identity.mfa.records import Passkey
from control_plane.kit import rendering
from control_plane.pages.auth.authorize import load_interaction
from control_plane.pages.request import PageRequest

CARRIED = ("interaction", "next", "user_code")
"""Fields that say where the user was going; every form of a sign-in carries them."""

LOGIN = "login.html"


async def render_form(
    request: PageRequest,
    template: str,
    form: Mapping[str, str],
    *,
    status: int = 200,
    error: str = "",
    field_errors: Mapping[str, str] | None = None,
) -> web.Response:
    """The sign-in or sign-up form, filled with what is known. Raises PageError."""
    app, login_hint = await _client_of(request, form.get("interaction", ""))
    carried = {name: form.get(name, "") for name in CARRIED}
    query = urlencode({name: value for name, value in carried.items() if value})
    is_login = template == LOGIN
    values = {
        "app": app,
        "email": form.get("email") or login_hint,
        "error": error,
        "again": request.session is not None,
        "field_errors": field_errors or {},
        "query": f"?{query}" if query else "",
        "options": request_options(request) if is_login else "",
    }
    script_src = rendering.SELF if is_login else ""
    return request.render(template, values, status=status, hidden=carried, script_src=script_src)


def request_options(request: PageRequest, known: Sequence[Passkey] = ()) -> str:
    """Options for `navigator.credentials.get` in this browser, as JSON."""
    challenge = verification.create_sign_in_challenge(request.context, request.browser)
    return passkeys.request_options(request.context.issuer, challenge, known)


async def _client_of(request: PageRequest, interaction_id: str) -> tuple[str, str]:
    """The client's name and its login_hint; both empty outside of an authorization."""
    if not interaction_id:
        return "", ""
    authorization = (await load_interaction(request, interaction_id)).request
    client = await clients.find_client(request.context.pool, authorization.client_id)
    return (client.name if client else ""), authorization.login_hint
