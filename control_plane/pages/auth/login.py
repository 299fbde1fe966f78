"""/login: sign in with a password or a passkey.

Wrong addresses and wrong passwords get the same response in the same time. A user with a second
factor continues with it; a passkey counts as both factors.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from aiohttp import web

from control_plane.activity import store as activity
from control_plane.identity.clients import store as clients
from control_plane.identity.mfa import passkeys, verification
from control_plane.identity.mfa import store as mfa
from control_plane.identity.mfa.passkeys import PasskeyRejected
from control_plane.identity.mfa.records import Passkey
from control_plane.identity.throttle import Count, Limit, Pause
from control_plane.identity.users import email as addresses
from control_plane.identity.users import service as users
from control_plane.identity.users import store as user_store
from control_plane.identity.users.store import Credentials
from control_plane.kit import rendering
from control_plane.kit.client_info import client_network
from control_plane.oauth.authorize import flow
from control_plane.pages.auth.authorize import load_interaction
from control_plane.pages.request import PageRequest

CARRIED = ("interaction", "next", "user_code")
"""Fields that say where the user was going; every form of a sign-in carries them."""

_INCORRECT = "Incorrect email or password."
_SUSPENDED = "This account is suspended. Contact support."
_FAILURES_MAX = 100
_NEXT = re.compile(r"/account(/[a-z-]+)?|/device")
_PASSWORD = ("pwd",)
_LOGIN = "login.html"


async def show_login(request: PageRequest) -> web.Response:
    query = request.http.query
    return await render_form(request, _LOGIN, {name: query.get(name, "") for name in CARRIED})


async def login(request: PageRequest) -> web.Response:
    """303 to where the user was going; 401 with the form; 429 after too many attempts."""
    form, throttle, pool = await request.form(), request.context.throttle, request.context.pool
    user = await users.find_credentials(pool, form["email"])
    limits = _limits(request, form["email"], user)
    await throttle.begin(*limits)
    if not await users.check_password(pool, user, form["password"]) or user is None:
        return await render_form(request, _LOGIN, form, status=401, error=_INCORRECT)
    await throttle.succeed(*limits)
    if user.state != "active":
        return await render_form(request, _LOGIN, form, status=403, error=_SUSPENDED)
    if await mfa.has_second_factor(pool, user.id):
        await mfa.start_challenge(pool, request.browser, user.id)
        return request.redirect("/login/second", **{name: form[name] for name in CARRIED})
    return await complete_login(request, user.id, form)


async def login_by_passkey(request: PageRequest) -> web.Response:
    """303 like `login`; 400 with the form for a passkey that is not accepted."""
    form, throttle = await request.form(), request.context.throttle
    limit = Count("passkey", client_network(request.http), _FAILURES_MAX)
    await throttle.begin(limit)
    try:
        user = await verification.check_passkey(
            request.context, request.browser, form["credential"], request.client_info
        )
    except PasskeyRejected as refusal:
        return await render_form(request, _LOGIN, form, status=400, error=refusal.message)
    await throttle.succeed(limit)
    return await complete_login(request, user.user_id, form, user.methods)


async def complete_login(
    request: PageRequest, user_id: str, form: Mapping[str, str], methods: Sequence[str] = _PASSWORD
) -> web.Response:
    """Start a session and continue to where the user was going. `methods`: RFC 8176 values."""
    pool = request.context.pool
    await user_store.record_login(pool, user_id)
    await request.sign_in(user_id, methods)
    await activity.record(pool, user_id, activity.SIGNED_IN, request.client_info)
    if form["interaction"]:
        interaction = await load_interaction(request, form["interaction"])
        browser = request.browser_context
        return request.respond(await flow.resume(request.context, interaction, browser))
    path = form["next"] if _NEXT.fullmatch(form["next"]) else "/account"
    return request.redirect(path, user_code=form["user_code"])


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
    is_login = template == _LOGIN
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


def _limits(request: PageRequest, email: str, user: Credentials | None) -> tuple[Limit, ...]:
    """By the normal form of the address that accounts are looked up by. A browser that the user has
    signed in with before has a counter of its own, and strangers of its network do not stop it.
    """
    name = addresses.find_normal_form(email) or ""
    own_name = request.attempt_name(name, user.id if user else None)
    by_network = Count("login", client_network(request.http), _FAILURES_MAX)
    return (*(() if own_name != name else (by_network,)), Pause("login", own_name))


async def _client_of(request: PageRequest, interaction_id: str) -> tuple[str, str]:
    """The client's name and its login_hint; both empty outside of an authorization."""
    if not interaction_id:
        return "", ""
    authorization = (await load_interaction(request, interaction_id)).request
    client = await clients.find_client(request.context.pool, authorization.client_id)
    return (client.name if client else ""), authorization.login_hint
