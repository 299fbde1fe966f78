"""/login: the same answer, after the same time, whoever's address or password it was not.

Who has a second factor is asked for it next; a passkey is both at once.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from aiohttp import web

from control_plane.kit import rendering
from control_plane.kit.throttle import address_of
from control_plane.oidc import store
from control_plane.oidc.endpoints import authorize as endpoint
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.oidc.grants import events
from control_plane.pages.authorize import load_interaction
from control_plane.pages.visit import Visit
from control_plane.second_factors import passkeys, proving
from control_plane.second_factors import store as second_factors
from control_plane.second_factors.passkeys import BadAnswer
from control_plane.second_factors.records import Passkey
from control_plane.users import service as users
from control_plane.users import store as user_store

_WRONG = "This is not the e-mail address and password of an account."
_FAILURES_MAX = 100
_NEXT = re.compile(r"/account(/[a-z-]+)?|/device")
_PASSWORD = ("pwd",)
_LOGIN = "login.html"
CARRIED = ("interaction", "next", "user_code")


async def show_login(visit: Visit) -> web.Response:
    """For an application, for one of our own pages, or for its own sake."""
    query = visit.request.query
    carried = {name: query.get(name, "") for name in CARRIED}
    return await form_for(visit, _LOGIN, carried)


async def login(visit: Visit) -> web.Response:
    """303 on to where the person was going; 401 with the form again; 429 after too many tries."""
    form, throttle = await visit.form(), visit.provider.throttle
    name = form["email"].strip().lower()
    await throttle.check_name("login", name)
    found = await users.authenticate(visit.provider.pool, form["email"], form["password"])
    if found is None:
        await throttle.fail_name("login", name)
        await throttle.count("login", address_of(visit.request), _FAILURES_MAX)
        return await form_for(visit, _LOGIN, form, status=401, error=_WRONG)
    if found.state != "active":
        error = "This account is suspended: write to its operator."
        return await form_for(visit, _LOGIN, form, status=403, error=error)
    await throttle.clear_name("login", name)
    if await store.has_factor(visit.provider.pool, found.id):
        await second_factors.begin_step(visit.provider.pool, visit.browser, found.id)
        return visit.go("/login/second", **{name: form[name] for name in CARRIED})
    return await welcome(visit, found.id, form)


async def login_by_passkey(visit: Visit) -> web.Response:
    """Without a name or a password. 400 with the form again for one that is not accepted."""
    form = await visit.form()
    origin = origin_of(visit.request)
    try:
        proof = await proving.check_passkey(visit.provider, visit.browser, form["answer"], origin)
    except BadAnswer as refusal:
        await visit.provider.throttle.count("login", address_of(visit.request), _FAILURES_MAX)
        return await form_for(visit, _LOGIN, form, status=400, error=refusal.message)
    return await welcome(visit, proof.user_id, form, proof.methods)


async def welcome(
    visit: Visit, user_id: str, form: dict[str, str], methods: Sequence[str] = _PASSWORD
) -> web.Response:
    """Signed in, and on."""
    pool = visit.provider.pool
    await user_store.note_login(pool, user_id)
    await visit.sign_in(user_id, methods)
    await events.record(pool, user_id, events.SIGNED_IN, origin_of(visit.request))
    if form["interaction"]:
        interaction = await load_interaction(visit, form["interaction"])
        return visit.send(await endpoint.resume(visit.provider, interaction, visit.visitor))
    path = form["next"] if _NEXT.fullmatch(form["next"]) else "/account"
    return visit.go(path, user_code=form["user_code"])


async def form_for(
    visit: Visit,
    template: str,
    form: dict[str, str],
    *,
    status: int = 200,
    error: str = "",
    faults: dict[str, str] | None = None,
) -> web.Response:
    """The form, filled in as far as we know."""
    app, hint = await _asked_by(visit, form.get("interaction", ""))
    carried = {name: form.get(name, "") for name in CARRIED}
    query = urlencode({name: value for name, value in carried.items() if value})
    values = {
        "app": app,
        "email": form.get("email") or hint,
        "error": error,
        "again": visit.session is not None,
        "faults": faults or {},
        "query": f"?{query}" if query else "",
        "options": request_options(visit) if template == _LOGIN else "",
    }
    runs = rendering.OWN_FILES if template == _LOGIN else ""
    return visit.show(template, values, status=status, hidden=carried, runs=runs)


def request_options(visit: Visit, known: Sequence[Passkey] = ()) -> str:
    """What this browser needs to sign in with a passkey."""
    challenge = proving.request_challenge(visit.provider, visit.browser)
    return passkeys.request_options(visit.provider.issuer, challenge, known)


async def _asked_by(visit: Visit, interaction_id: str) -> tuple[str, str]:
    """The application's name, and the address it believes its user to have."""
    if not interaction_id:
        return "", ""
    request = (await load_interaction(visit, interaction_id)).request
    client = await store.find_client(visit.provider.pool, request.client_id)
    return (client.name if client else ""), request.login_hint
