"""/login: the same answer, after the same time, whoever's address or password it was not."""

from urllib.parse import urlencode

from aiohttp import web

from control_plane.kit.throttle import address_of
from control_plane.oidc import store
from control_plane.oidc.endpoints import authorize as endpoint
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.oidc.grants import events
from control_plane.pages.authorize import load_interaction
from control_plane.pages.visit import Visit
from control_plane.users import service as users
from control_plane.users import store as user_store

_WRONG = "This is not the e-mail address and password of an account."
_FAILURES_MAX = 100
_NEXT = ("/account", "/device")


async def show_login(visit: Visit) -> web.Response:
    """For an application, for one of our own pages, or for its own sake."""
    query = visit.request.query
    carried = {name: query.get(name, "") for name in ("interaction", "next", "user_code")}
    return await form_for(visit, "login.html", carried)


async def login(visit: Visit) -> web.Response:
    """303 on to where the person was going; 401 with the form again; 429 after too many tries."""
    form, throttle = await visit.form(), visit.provider.throttle
    name = form["email"].strip().lower()
    await throttle.check_name("login", name)
    found = await users.authenticate(visit.provider.pool, form["email"], form["password"])
    if found is None:
        await throttle.fail_name("login", name)
        await throttle.count("login", address_of(visit.request), _FAILURES_MAX)
        return await form_for(visit, "login.html", form, status=401, error=_WRONG)
    if found.state != "active":
        error = "This account is suspended: write to its operator."
        return await form_for(visit, "login.html", form, status=403, error=error)
    await throttle.clear_name("login", name)
    return await welcome(visit, found.id, form)


async def welcome(visit: Visit, user_id: str, form: dict[str, str]) -> web.Response:
    """Signed in, and on."""
    pool = visit.provider.pool
    await user_store.note_login(pool, user_id)
    await visit.sign_in(user_id)
    await events.record(pool, user_id, events.SIGNED_IN, origin_of(visit.request))
    if form["interaction"]:
        interaction = await load_interaction(visit, form["interaction"])
        return visit.send(await endpoint.resume(visit.provider, interaction, visit.visitor))
    path = form["next"] if form["next"] in _NEXT else _NEXT[0]
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
    carried = {name: form.get(name, "") for name in ("interaction", "next", "user_code")}
    query = urlencode({name: value for name, value in carried.items() if value})
    values = {
        "app": app,
        "email": form.get("email") or hint,
        "error": error,
        "faults": faults or {},
        "query": f"?{query}" if query else "",
    }
    return visit.show(template, values, status=status, hidden=carried)


async def _asked_by(visit: Visit, interaction_id: str) -> tuple[str, str]:
    """The application's name, and the address it believes its user to have."""
    if not interaction_id:
        return "", ""
    request = (await load_interaction(visit, interaction_id)).request
    client = await store.find_client(visit.provider.pool, request.client_id)
    return (client.name if client else ""), request.login_hint
