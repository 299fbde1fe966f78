"""/account/profile: names, username, picture."""

from dataclasses import asdict

from aiohttp import web

from control_plane.identity.sessions.records import Session
from control_plane.identity.users import service as users
from control_plane.identity.users.input import ProfileChange
from control_plane.kit import validation
from control_plane.pages.account.layout import Faults, Sheet, faults_of, show
from control_plane.pages.request import PageRequest
from shared.errors import Conflict, ValidationFailed

_FIELDS = ("first_name", "last_name", "username", "profile_picture_url")
_WORDS = {
    "first_name": "must be plain text of at most 100 characters",
    "last_name": "must be plain text of at most 100 characters",
    "username": "must have 2 to 39 letters, digits, dots, dashes or underscores",
    "profile_picture_url": "must be the whole address of a picture, with https://",
}


async def show_profile(request: PageRequest, session: Session) -> web.Response:
    profile = await users.load_profile(request.context.pool, session.user_id)
    return _form(request, {name: asdict(profile)[name] or "" for name in _FIELDS}, {})


async def change_profile(request: PageRequest, session: Session) -> web.Response:
    """A field left empty is taken back."""
    form = await request.form()
    given = {name: form[name].strip() for name in _FIELDS}
    try:
        change = validation.check(
            ProfileChange, {name: each or None for name, each in given.items()}
        )
        await users.change_profile(request.context.pool, session.user_id, change.to_change())
    except ValidationFailed as error:
        return _form(request, given, {name: _WORDS[name] for name in faults_of(error)})
    except Conflict:
        return _form(request, given, {"username": "is taken"})
    return request.go("/account/profile", said="profile")


def _form(request: PageRequest, given: dict[str, str], faults: Faults) -> web.Response:
    return show(request, "profile.html", Sheet(given, faults))
