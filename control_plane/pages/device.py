"""/device: somebody types the code another device shows, reads what it wants, and decides."""

from aiohttp import web

from control_plane.kit.database import transaction
from control_plane.kit.throttle import address_of
from control_plane.oidc import user_codes
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.oidc.grants import device_store, events
from control_plane.oidc.grants import store as grants
from control_plane.oidc.grants.device_store import Waiting
from control_plane.oidc.records import NewGrant, Session
from control_plane.pages.consent import ask
from control_plane.pages.visit import Visit

_WRONG = "No device waits with this code. Is it typed right, and not older than ten minutes?"
_WRONG_MAX = 20


async def show_device(visit: Visit) -> web.Response:
    """Sign in first."""
    typed = visit.request.query.get("user_code", "")[:12]
    if visit.session is None:
        return visit.go("/login", next="/device", user_code=typed)
    return visit.show("device.html", {"user_code": typed})


async def device(visit: Visit) -> web.Response:
    """First the code, then the decision."""
    form = await visit.form()
    if visit.session is None:
        return visit.go("/login", next="/device", user_code=form["user_code"])
    code = user_codes.read_user_code(form["user_code"])
    waiting = await device_store.find(visit.provider.pool, code)
    if waiting is None:
        await visit.provider.throttle.count("user code", address_of(visit.request), _WRONG_MAX)
        values = {"user_code": form["user_code"], "error": _WRONG}
        return visit.show("device.html", values, status=400)
    if not form["decision"]:
        asked = waiting.client_id, waiting.scopes
        return await ask(visit, visit.session, *asked, user_code=code)
    return await _decide(visit, visit.session, code, waiting, form["decision"] == "allow")


async def _decide(
    visit: Visit, session: Session, code: str, waiting: Waiting, allowed: bool
) -> web.Response:
    origin = origin_of(visit.request)
    new = NewGrant(
        *(session.user_id, waiting.client_id, tuple(waiting.scopes), session.authenticated_at),
        tuple(session.methods),
    )
    async with transaction(visit.provider.pool) as connection:
        grant_id = await grants.create(connection, new, origin) if allowed else None
        state = "approved" if allowed else "denied"
        settled = await device_store.settle(connection, code, state, grant_id)
        if settled and allowed:
            kind, client_id = events.CONSENTED, new.client_id
            await events.record(connection, new.user_id, kind, origin, client_id)
        elif grant_id is not None:
            await grants.revoke(connection, grant_id)
    heading = "Your device is connected" if allowed else "Your device was not connected"
    values = {"heading": heading, "message": "You can close this page.", "link": ""}
    return visit.show("message.html", {**values, "link_text": ""})
