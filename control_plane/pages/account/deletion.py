"""/account/delete: says what happens, and asks for the password."""

from aiohttp import web

from control_plane.identity import sign_out
from control_plane.identity.sessions.records import Session
from control_plane.identity.users import service as users
from control_plane.kit.client_info import client_info_of
from control_plane.pages.account.layout import Faults, Sheet, password_faults, show
from control_plane.pages.request import PageRequest

_DELETED = "Everything is signed out. Sign in within 30 days, and all is as it was."


async def show_delete(request: PageRequest, session: Session) -> web.Response:
    return await _form(request, session, {})


async def delete(request: PageRequest, session: Session) -> web.Response:
    form = await request.form()
    faults = await password_faults(request, session, form["current_password"])
    if faults:
        return await _form(request, session, faults)
    await sign_out.delete_account(request.context, session.user_id, client_info_of(request.http))
    await request.sign_out()
    values = {"heading": "Your account is deleted", "message": _DELETED}
    return request.show("message.html", {**values, "link": "", "link_text": ""})


async def _form(request: PageRequest, session: Session, faults: Faults) -> web.Response:
    profile = await users.load_profile(request.context.pool, session.user_id)
    return show(request, "delete.html", Sheet({"email": profile.email}, faults))
