"""/account/delete: says what happens, and asks for the password."""

from aiohttp import web

from control_plane.accounts import leaving
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.oidc.records import Session
from control_plane.pages.account.frame import Faults, Sheet, password_faults, show
from control_plane.pages.visit import Visit
from control_plane.users import service as users

_DELETED = "Everything is signed out. Sign in within 30 days, and all is as it was."


async def show_delete(visit: Visit, session: Session) -> web.Response:
    return await _form(visit, session, {})


async def delete(visit: Visit, session: Session) -> web.Response:
    form = await visit.form()
    faults = await password_faults(visit, session, form["current_password"])
    if faults:
        return await _form(visit, session, faults)
    await leaving.delete_account(visit.provider, session.user_id, origin_of(visit.request))
    await visit.sign_out()
    values = {"heading": "Your account is deleted", "message": _DELETED}
    return visit.show("message.html", {**values, "link": "", "link_text": ""})


async def _form(visit: Visit, session: Session, faults: Faults) -> web.Response:
    profile = await users.load_profile(visit.provider.pool, session.user_id)
    return show(visit, "delete.html", Sheet({"email": profile.email}, faults))
