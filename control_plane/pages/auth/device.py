"""/device: enter the code shown on a device, review the request, and decide (RFC 8628, 3.3)."""

from aiohttp import web

from control_plane.activity import store as activity
from control_plane.identity.grants import device_store, user_codes
from control_plane.identity.grants import store as grants
from control_plane.identity.grants.device_store import PendingDevice
from control_plane.identity.grants.records import NewGrant
from control_plane.identity.sessions.records import Session
from control_plane.identity.throttle import Count
from control_plane.kit.client_info import client_network
from control_plane.kit.database import transaction
from control_plane.pages.auth.consent import render_consent
from control_plane.pages.request import PageRequest

_INVALID_CODE = "Incorrect or expired code. Check the code on your device and try again."
_INVALID_MAX = 20


async def show_device(request: PageRequest) -> web.Response:
    """The form for the code; sign-in first."""
    user_code = request.http.query.get("user_code", "")[:12]
    if request.session is None:
        return request.redirect("/login", next="/device", user_code=user_code)
    return request.render("device.html", {"user_code": user_code})


async def device(request: PageRequest) -> web.Response:
    """First the code is posted, then the decision."""
    form = await request.form()
    if request.session is None:
        return request.redirect("/login", next="/device", user_code=form["user_code"])
    limits = (
        Count("user code", client_network(request.http), _INVALID_MAX),
        Count("user code of user", request.session.user_id, _INVALID_MAX),
    )
    await request.context.throttle.begin(*limits)
    code = user_codes.normalise(form["user_code"])
    pending = await device_store.find_pending(request.context.pool, code)
    if pending is None:
        values = {"user_code": form["user_code"], "error": _INVALID_CODE}
        return request.render("device.html", values, status=400)
    await request.context.throttle.succeed(*limits)
    if not form["decision"]:
        return await render_consent(
            request, request.session, pending.client_id, pending.scopes, user_code=code
        )
    return await _decide(request, request.session, code, pending, form["decision"] == "allow")


async def _decide(
    request: PageRequest, session: Session, code: str, pending: PendingDevice, allowed: bool
) -> web.Response:
    client_info = request.client_info
    new = NewGrant(
        user_id=session.user_id,
        client_id=pending.client_id,
        scopes=tuple(pending.scopes),
        authenticated_at=session.authenticated_at,
        methods=tuple(session.methods),
        session_id=session.id,
    )
    async with transaction(request.context.pool) as connection:
        grant_id = await grants.create(connection, new, client_info) if allowed else None
        state = "approved" if allowed else "denied"
        decided = await device_store.decide(connection, code, state, grant_id)
        if decided and allowed:
            kind, client_id = activity.CONSENTED, new.client_id
            await activity.record(connection, new.user_id, kind, client_info, client_id)
        elif grant_id is not None:
            await grants.revoke(connection, grant_id)
    heading = "Device connected" if allowed else "Device not connected"
    return request.render_message(heading, "You can close this page.")
