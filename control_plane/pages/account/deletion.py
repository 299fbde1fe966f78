"""/account/delete: explains what deletion does, and asks for the password."""

from aiohttp import web

from control_plane.identity.deletion import delete_account
from control_plane.identity.sessions.records import Session
from control_plane.identity.users import service as users
from control_plane.pages.account.layout import (
    FieldErrors,
    PageContext,
    check_current_password,
    render_page,
)
from control_plane.pages.request import PageRequest

_DELETED = (
    "You were signed out everywhere. You can restore your account within 30 days by signing in."
)


async def show_delete(request: PageRequest, session: Session) -> web.Response:
    return await _form(request, session, {})


async def delete(request: PageRequest, session: Session) -> web.Response:
    """422 with the form for an incorrect password."""
    form = await request.form()
    field_errors = await check_current_password(request, session, form["current_password"])
    if field_errors:
        return await _form(request, session, field_errors)
    await delete_account(request.context, session.user_id, request.client_info)
    await request.sign_out()
    return request.render_message("Your account was deleted", _DELETED)


async def _form(request: PageRequest, session: Session, field_errors: FieldErrors) -> web.Response:
    profile = await users.load_profile(request.context.pool, session.user_id)
    page = PageContext({"email": profile.email}, field_errors)
    return render_page(request, "delete.html", page)
