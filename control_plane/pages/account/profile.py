"""/account/profile: names, username and picture."""

from dataclasses import asdict

from aiohttp import web

from control_plane.identity.sessions.records import Session
from control_plane.identity.users import service as users
from control_plane.identity.users.input import ProfileInput
from control_plane.kit import validation
from control_plane.pages.account.layout import (
    FieldErrors,
    PageContext,
    field_errors_of,
    render_page,
)
from control_plane.pages.request import PageRequest
from shared.errors import Conflict, ValidationFailed

_FIELDS = ("first_name", "last_name", "username", "profile_picture_url")
_ERRORS = {
    "first_name": "must be plain text of at most 100 characters",
    "last_name": "must be plain text of at most 100 characters",
    "username": "must have 2 to 39 letters, digits, dots, dashes or underscores",
    "profile_picture_url": "must be a complete URL that starts with https://",
}


async def show_profile(request: PageRequest, session: Session) -> web.Response:
    profile = await users.load_profile(request.context.pool, session.user_id)
    return _form(request, {name: asdict(profile)[name] or "" for name in _FIELDS}, {})


async def change_profile(request: PageRequest, session: Session) -> web.Response:
    """303 once saved; 422 with the form for invalid fields. An empty field clears its value."""
    form = await request.form()
    submitted = {name: form[name].strip() for name in _FIELDS}
    try:
        values = {name: value or None for name, value in submitted.items()}
        update = validation.check(ProfileInput, values).to_update()
        await users.change_profile(request.context.pool, session.user_id, update)
    except ValidationFailed as error:
        errors = {name: _ERRORS[name] for name in field_errors_of(error)}
        return _form(request, submitted, errors)
    except Conflict:
        return _form(request, submitted, {"username": "is already taken"})
    return request.redirect("/account/profile", flash="profile_saved")


def _form(
    request: PageRequest, submitted: dict[str, str], field_errors: FieldErrors
) -> web.Response:
    return render_page(request, "profile.html", PageContext(submitted, field_errors))
