"""/login: the same answer, after the same time, whoever's address or password it was not.

Who has a second factor is asked for it next; a passkey is both at once.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from aiohttp import web

from control_plane.activity import store as activity
from control_plane.identity.clients import store as clients
from control_plane.identity.mfa import passkeys, verification
from control_plane.identity.mfa import store as mfa_store
from control_plane.identity.mfa import store as second_factors
from control_plane.identity.mfa.passkeys import BadAnswer
from control_plane.identity.mfa.records import Passkey
from control_plane.identity.users import service as users
from control_plane.identity.users import store as user_store
from control_plane.kit import rendering
from control_plane.kit.client_info import client_info_of, client_ip
from control_plane.oauth.authorize import flow as endpoint
from control_plane.pages.auth.authorize import load_interaction
from control_plane.pages.request import PageRequest

_WRONG = "This is not the e-mail address and password of an account."
_FAILURES_MAX = 100
_NEXT = re.compile(r"/account(/[a-z-]+)?|/device")
_PASSWORD = ("pwd",)
_LOGIN = "login.html"
CARRIED = ("interaction", "next", "user_code")


async def show_login(request: PageRequest) -> web.Response:
    """For an application, for one of our own pages, or for its own sake."""
    query = request.http.query
    carried = {name: query.get(name, "") for name in CARRIED}
    return await form_for(request, _LOGIN, carried)


async def login(request: PageRequest) -> web.Response:
    """303 on to where the person was going; 401 with the form again; 429 after too many tries."""
    form, throttle = await request.form(), request.context.throttle
    name = form["email"].strip().lower()
    await throttle.check_name("login", name)
    found = await users.authenticate(request.context.pool, form["email"], form["password"])
    if found is None:
        await throttle.fail_name("login", name)
        await throttle.count("login", client_ip(request.http), _FAILURES_MAX)
        return await form_for(request, _LOGIN, form, status=401, error=_WRONG)
    if found.state != "active":
        error = "This account is suspended: write to its operator."
        return await form_for(request, _LOGIN, form, status=403, error=error)
    await throttle.clear_name("login", name)
    if await mfa_store.has_factor(request.context.pool, found.id):
        await second_factors.begin_step(request.context.pool, request.browser, found.id)
        return request.go("/login/second", **{name: form[name] for name in CARRIED})
    return await welcome(request, found.id, form)


async def login_by_passkey(request: PageRequest) -> web.Response:
    """Without a name or a password. 400 with the form again for one that is not accepted."""
    form = await request.form()
    origin = client_info_of(request.http)
    try:
        proof = await verification.check_passkey(
            request.context, request.browser, form["answer"], origin
        )
    except BadAnswer as refusal:
        await request.context.throttle.count("login", client_ip(request.http), _FAILURES_MAX)
        return await form_for(request, _LOGIN, form, status=400, error=refusal.message)
    return await welcome(request, proof.user_id, form, proof.methods)


async def welcome(
    request: PageRequest, user_id: str, form: dict[str, str], methods: Sequence[str] = _PASSWORD
) -> web.Response:
    """Signed in, and on."""
    pool = request.context.pool
    await user_store.note_login(pool, user_id)
    await request.sign_in(user_id, methods)
    await activity.record(pool, user_id, activity.SIGNED_IN, client_info_of(request.http))
    if form["interaction"]:
        interaction = await load_interaction(request, form["interaction"])
        return request.send(await endpoint.resume(request.context, interaction, request.visitor))
    path = form["next"] if _NEXT.fullmatch(form["next"]) else "/account"
    return request.go(path, user_code=form["user_code"])


async def form_for(
    request: PageRequest,
    template: str,
    form: dict[str, str],
    *,
    status: int = 200,
    error: str = "",
    faults: dict[str, str] | None = None,
) -> web.Response:
    """The form, filled in as far as we know."""
    app, hint = await _asked_by(request, form.get("interaction", ""))
    carried = {name: form.get(name, "") for name in CARRIED}
    query = urlencode({name: value for name, value in carried.items() if value})
    values = {
        "app": app,
        "email": form.get("email") or hint,
        "error": error,
        "again": request.session is not None,
        "faults": faults or {},
        "query": f"?{query}" if query else "",
        "options": request_options(request) if template == _LOGIN else "",
    }
    runs = rendering.OWN_FILES if template == _LOGIN else ""
    return request.show(template, values, status=status, hidden=carried, runs=runs)


def request_options(request: PageRequest, known: Sequence[Passkey] = ()) -> str:
    """What this browser needs to sign in with a passkey."""
    challenge = verification.request_challenge(request.context, request.browser)
    return passkeys.request_options(request.context.issuer, challenge, known)


async def _asked_by(request: PageRequest, interaction_id: str) -> tuple[str, str]:
    """The application's name, and the address it believes its user to have."""
    if not interaction_id:
        return "", ""
    authorization = (await load_interaction(request, interaction_id)).request
    client = await clients.find_client(request.context.pool, authorization.client_id)
    return (client.name if client else ""), authorization.login_hint
