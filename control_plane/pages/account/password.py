"""/account/password: a new one; this browser stays signed in, everything else does not."""

from aiohttp import web

from control_plane.identity import credentials
from control_plane.identity.sessions.records import Session
from control_plane.identity.users import passwords
from control_plane.identity.users import service as users
from control_plane.kit.client_info import client_info_of
from control_plane.pages.account.layout import Faults, Sheet, password_faults, show
from control_plane.pages.request import PageRequest


async def show_password(request: PageRequest, session: Session) -> web.Response:
    return await _form(request, session, {})


async def change_password(request: PageRequest, session: Session) -> web.Response:
    form = await request.form()
    fault = passwords.find_fault(form["new_password"])
    faults = {"new_password": fault} if fault else {}
    faults |= await password_faults(request, session, form["current_password"])
    if faults:
        return await _form(request, session, faults)
    user_id, origin = session.user_id, client_info_of(request.http)
    wanted, keep = form["new_password"], request.session_id
    await credentials.replace_password(request.context, user_id, wanted, origin, keep=keep)
    return request.go("/account", said="password")


async def _form(request: PageRequest, session: Session, faults: Faults) -> web.Response:
    profile = await users.load_profile(request.context.pool, session.user_id)
    return show(request, "password.html", Sheet({"email": profile.email}, faults))
