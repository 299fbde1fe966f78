"""/device: somebody types the code another device shows, reads what it wants, and decides."""

from aiohttp import web

from control_plane.activity import store as activity
from control_plane.identity.grants import device_store, user_codes
from control_plane.identity.grants import store as grants
from control_plane.identity.grants.device_store import Waiting
from control_plane.identity.grants.records import NewGrant
from control_plane.identity.sessions.records import Session
from control_plane.kit.client_info import client_info_of, client_ip
from control_plane.kit.database import transaction
from control_plane.pages.auth.consent import ask
from control_plane.pages.request import PageRequest

_WRONG = "No device waits with this code. Is it typed right, and not older than ten minutes?"
_WRONG_MAX = 20


async def show_device(request: PageRequest) -> web.Response:
    """Sign in first."""
    typed = request.http.query.get("user_code", "")[:12]
    if request.session is None:
        return request.go("/login", next="/device", user_code=typed)
    return request.show("device.html", {"user_code": typed})


async def device(request: PageRequest) -> web.Response:
    """First the code, then the decision."""
    form = await request.form()
    if request.session is None:
        return request.go("/login", next="/device", user_code=form["user_code"])
    code = user_codes.read_user_code(form["user_code"])
    waiting = await device_store.find(request.context.pool, code)
    if waiting is None:
        await request.context.throttle.count("user code", client_ip(request.http), _WRONG_MAX)
        values = {"user_code": form["user_code"], "error": _WRONG}
        return request.show("device.html", values, status=400)
    if not form["decision"]:
        asked = waiting.client_id, waiting.scopes
        return await ask(request, request.session, *asked, user_code=code)
    return await _decide(request, request.session, code, waiting, form["decision"] == "allow")


async def _decide(
    request: PageRequest, session: Session, code: str, waiting: Waiting, allowed: bool
) -> web.Response:
    origin = client_info_of(request.http)
    new = NewGrant(
        *(session.user_id, waiting.client_id, tuple(waiting.scopes), session.authenticated_at),
        tuple(session.methods),
    )
    async with transaction(request.context.pool) as connection:
        grant_id = await grants.create(connection, new, origin) if allowed else None
        state = "approved" if allowed else "denied"
        settled = await device_store.settle(connection, code, state, grant_id)
        if settled and allowed:
            kind, client_id = activity.CONSENTED, new.client_id
            await activity.record(connection, new.user_id, kind, origin, client_id)
        elif grant_id is not None:
            await grants.revoke(connection, grant_id)
    heading = "Your device is connected" if allowed else "Your device was not connected"
    values = {"heading": heading, "message": "You can close this page.", "link": ""}
    return request.show("message.html", {**values, "link_text": ""})
