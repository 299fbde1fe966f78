"""/account/email: another address, once it is proven; the one before can undo it for a week."""

from aiohttp import web

from control_plane.accounts import changing
from control_plane.oidc.records import Session
from control_plane.pages.account.frame import Faults, Sheet, faults_of, password_faults, show
from control_plane.pages.visit import Visit
from control_plane.users import email as addresses
from control_plane.users import service as users
from shared.errors import ValidationFailed


async def show_email(visit: Visit, session: Session) -> web.Response:
    return await _form(visit, session, "", {})


async def change_email(visit: Visit, session: Session) -> web.Response:
    form = await visit.form()
    faults = await _faults(visit, session, form["email"])
    faults |= await password_faults(visit, session, form["current_password"])
    if faults:
        return await _form(visit, session, form["email"], faults)
    await changing.propose_email(visit.provider, session.user_id, form["email"])
    return visit.go("/account", said="asked")


async def _faults(visit: Visit, session: Session, wanted: str) -> Faults:
    try:
        address = addresses.normalise(wanted)
    except ValidationFailed as error:
        return faults_of(error)
    profile = await users.load_profile(visit.provider.pool, session.user_id)
    return {"email": "is your address already"} if address == profile.email else {}


async def _form(visit: Visit, session: Session, wanted: str, faults: Faults) -> web.Response:
    profile = await users.load_profile(visit.provider.pool, session.user_id)
    return show(visit, "email.html", Sheet({"present": profile.email, "email": wanted}, faults))
