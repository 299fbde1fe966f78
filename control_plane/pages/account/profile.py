"""/account/profile: names, username, picture."""

from dataclasses import asdict

from aiohttp import web

from control_plane.accounts.profiles import ProfileChange
from control_plane.kit import shapes
from control_plane.oidc.records import Session
from control_plane.pages.account.frame import Faults, Sheet, faults_of, show
from control_plane.pages.visit import Visit
from control_plane.users import service as users
from shared.errors import Conflict, ValidationFailed

_FIELDS = ("first_name", "last_name", "username", "profile_picture_url")
_WORDS = {
    "first_name": "must be plain text of at most 100 characters",
    "last_name": "must be plain text of at most 100 characters",
    "username": "must have 2 to 39 letters, digits, dots, dashes or underscores",
    "profile_picture_url": "must be the whole address of a picture, with https://",
}


async def show_profile(visit: Visit, session: Session) -> web.Response:
    profile = await users.load_profile(visit.provider.pool, session.user_id)
    return _form(visit, {name: asdict(profile)[name] or "" for name in _FIELDS}, {})


async def change_profile(visit: Visit, session: Session) -> web.Response:
    """A field left empty is taken back."""
    form = await visit.form()
    given = {name: form[name].strip() for name in _FIELDS}
    try:
        change = shapes.check(ProfileChange, {name: each or None for name, each in given.items()})
        await users.change_profile(visit.provider.pool, session.user_id, change.to_change())
    except ValidationFailed as error:
        return _form(visit, given, {name: _WORDS[name] for name in faults_of(error)})
    except Conflict:
        return _form(visit, given, {"username": "is taken"})
    return visit.go("/account/profile", said="profile")


def _form(visit: Visit, given: dict[str, str], faults: Faults) -> web.Response:
    return show(visit, "profile.html", Sheet(given, faults))
