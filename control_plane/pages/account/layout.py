"""What the account's pages share: they are for somebody who is signed in, they show where one can
go, what was just done, and everything that is wrong with a form at once.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from control_plane.identity import credentials
from control_plane.identity.credentials import WrongPassword
from control_plane.identity.sessions.records import Session
from control_plane.pages.request import Page, PageRequest
from shared.errors import ValidationFailed

PLACES = (
    ("/account", "Overview"),
    ("/account/profile", "Profile"),
    ("/account/security", "Security"),
    ("/account/devices", "Devices"),
    ("/account/api-keys", "API keys"),
    ("/account/preferences", "Preferences"),
)
SAID = {
    "profile": "Your profile is saved.",
    "password": "Your new password is saved. Everything else is signed out.",
    "asked": "Look into the mail of your new address: the change is made once you confirm it.",
    "totp_off": "No code is asked for any more.",
    "passkey": "Your passkey is added.",
    "passkey_off": "The passkey is removed.",
    "again": "Another mail is on its way to you.",
    "ended": "It is signed out.",
    "others": "Everything but this browser is signed out.",
    "revoked": "The key is revoked.",
    "preferences": "Your preferences are saved.",
}
"""What a page may say of the form before it: its address names one of these, never the words."""

Faults = dict[str, str]
AccountPage = Callable[[PageRequest, Session], Awaitable[web.Response]]


@dataclass(slots=True)
class Sheet:
    """What a template is shown with."""

    values: dict[str, Any]
    faults: Faults = field(default_factory=dict)


def signed_in(page: AccountPage) -> Page:
    """To sign-in first, where nobody is."""

    async def handle(request: PageRequest) -> web.Response:
        if request.session is None:
            return request.go("/login", next=request.http.path)
        return await page(request, request.session)

    return handle


def show(request: PageRequest, template: str, sheet: Sheet, runs: str = "") -> web.Response:
    """422 with the form again when anything is wrong with it; `runs` as `Pages.render` has it."""
    frame = {
        "places": PLACES,
        "here": request.http.path,
        "said": SAID.get(request.http.query.get("said", ""), ""),
        "faults": sheet.faults,
    }
    status = 422 if sheet.faults else 200
    known = {**sheet.values, **frame}
    return request.show(f"account/{template}", known, status=status, runs=runs)


def faults_of(error: ValidationFailed) -> Faults:
    """By field."""
    return {each["field"]: each["message"] for each in error.details["fields"]}


async def password_faults(request: PageRequest, session: Session, given: str) -> Faults:
    """Whether this is the present password. Raises TooManyTries."""
    try:
        await credentials.check_password(request.context, session.user_id, given)
    except WrongPassword:
        return {"current_password": "is not your present password"}
    return {}
