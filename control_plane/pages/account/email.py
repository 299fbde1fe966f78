"""/account/email: another address, once it is proven; the one before can undo it for a week."""

from aiohttp import web

from control_plane.identity import credentials
from control_plane.identity.sessions.records import Session
from control_plane.identity.users import email as addresses
from control_plane.identity.users import service as users
from control_plane.pages.account.layout import Faults, Sheet, faults_of, password_faults, show
from control_plane.pages.request import PageRequest
from shared.errors import ValidationFailed


async def show_email(request: PageRequest, session: Session) -> web.Response:
    return await _form(request, session, "", {})


async def change_email(request: PageRequest, session: Session) -> web.Response:
    form = await request.form()
    faults = await _faults(request, session, form["email"])
    faults |= await password_faults(request, session, form["current_password"])
    if faults:
        return await _form(request, session, form["email"], faults)
    await credentials.propose_email(request.context, session.user_id, form["email"])
    return request.go("/account", said="asked")


async def _faults(request: PageRequest, session: Session, wanted: str) -> Faults:
    try:
        address = addresses.normalise(wanted)
    except ValidationFailed as error:
        return faults_of(error)
    profile = await users.load_profile(request.context.pool, session.user_id)
    return {"email": "is your address already"} if address == profile.email else {}


async def _form(
    request: PageRequest, session: Session, wanted: str, faults: Faults
) -> web.Response:
    profile = await users.load_profile(request.context.pool, session.user_id)
    return show(request, "email.html", Sheet({"present": profile.email, "email": wanted}, faults))
