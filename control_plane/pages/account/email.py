"""/account/email: request a change of the e-mail address."""

from aiohttp import web

from control_plane.identity import email_change
from control_plane.identity.sessions.records import Session
from control_plane.identity.users import email as addresses
from control_plane.identity.users import service as users
from control_plane.pages.account.layout import (
    FieldErrors,
    PageContext,
    check_current_password,
    field_errors_of,
    render_page,
)
from control_plane.pages.request import PageRequest
from shared.errors import ValidationFailed


async def show_email(request: PageRequest, session: Session) -> web.Response:
    return await _form(request, session, "", {})


async def change_email(request: PageRequest, session: Session) -> web.Response:
    """303 once the confirmation was sent; 422 with the form for invalid fields."""
    form = await request.form()
    field_errors = await _validate(request, session, form["email"])
    field_errors |= await check_current_password(request, session, form["current_password"])
    if field_errors:
        return await _form(request, session, form["email"], field_errors)
    await email_change.request_change(request.context, session.user_id, form["email"])
    return request.redirect("/account", flash="email_requested")


async def _validate(request: PageRequest, session: Session, new_email: str) -> FieldErrors:
    try:
        address = addresses.normalise(new_email)
    except ValidationFailed as error:
        return field_errors_of(error)
    profile = await users.load_profile(request.context.pool, session.user_id)
    return {"email": "is already your address"} if address == profile.email else {}


async def _form(
    request: PageRequest, session: Session, new_email: str, field_errors: FieldErrors
) -> web.Response:
    profile = await users.load_profile(request.context.pool, session.user_id)
    values = {"current_email": profile.email, "email": new_email}
    return render_page(request, "email.html", PageContext(values, field_errors))
