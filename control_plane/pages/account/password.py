"""/account/password: change the password and sign out everywhere except in this browser."""

from aiohttp import web

from control_plane.identity import credentials
from control_plane.identity.sessions.records import Session
from control_plane.identity.users import passwords
from control_plane.identity.users import service as users
from control_plane.pages.account.layout import (
    FieldErrors,
    PageContext,
    check_current_password,
    render_page,
)
from control_plane.pages.request import PageRequest


async def show_password(request: PageRequest, session: Session) -> web.Response:
    return await _form(request, session, {})


async def change_password(request: PageRequest, session: Session) -> web.Response:
    """303 once changed; 422 with the form for invalid fields."""
    form = await request.form()
    error = passwords.find_error(form["new_password"])
    field_errors = {"new_password": error} if error else {}
    field_errors |= await check_current_password(request, session, form["current_password"])
    if field_errors:
        return await _form(request, session, field_errors)
    await credentials.replace_password(
        request.context,
        session.user_id,
        form["new_password"],
        request.client_info,
        keep_session=session.id,
    )
    return request.redirect("/account", flash="password_changed")


async def _form(request: PageRequest, session: Session, field_errors: FieldErrors) -> web.Response:
    profile = await users.load_profile(request.context.pool, session.user_id)
    page = PageContext({"email": profile.email}, field_errors)
    return render_page(request, "password.html", page)
