"""/account/password: a new one; this browser stays signed in, everything else does not."""

from aiohttp import web

from control_plane.accounts import changing
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.oidc.records import Session
from control_plane.pages.account.frame import Faults, Sheet, password_faults, show
from control_plane.pages.visit import Visit
from control_plane.users import passwords
from control_plane.users import service as users


async def show_password(visit: Visit, session: Session) -> web.Response:
    return await _form(visit, session, {})


async def change_password(visit: Visit, session: Session) -> web.Response:
    form = await visit.form()
    fault = passwords.find_fault(form["new_password"])
    faults = {"new_password": fault} if fault else {}
    faults |= await password_faults(visit, session, form["current_password"])
    if faults:
        return await _form(visit, session, faults)
    user_id, origin = session.user_id, origin_of(visit.request)
    wanted, keep = form["new_password"], visit.session_id
    await changing.replace_password(visit.provider, user_id, wanted, origin, keep=keep)
    return visit.go("/account", said="password")


async def _form(visit: Visit, session: Session, faults: Faults) -> web.Response:
    profile = await users.load_profile(visit.provider.pool, session.user_id)
    return show(visit, "password.html", Sheet({"email": profile.email}, faults))
