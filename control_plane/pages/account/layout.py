"""What all account pages share: required sign-in, navigation, flash messages, field errors."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from control_plane.identity import credentials
from control_plane.identity.credentials import IncorrectPassword
from control_plane.identity.sessions.records import Session
from control_plane.pages.request import Page, PageRequest
from shared.errors import ValidationFailed

NAVIGATION = (
    ("/account", "Overview"),
    ("/account/profile", "Profile"),
    ("/account/security", "Security"),
    ("/account/devices", "Devices"),
    ("/account/api-keys", "API keys"),
    ("/account/preferences", "Preferences"),
)
FLASHES = {
    "profile_saved": "Your profile was saved.",
    "password_changed": "Your password was changed. You were signed out everywhere else.",
    "email_requested": "Check the inbox of your new address to confirm the change.",
    "totp_disabled": "The authenticator app was turned off.",
    "passkey_added": "The passkey was added.",
    "passkey_removed": "The passkey was removed.",
    "verification_sent": "We sent you another verification e-mail.",
    "device_signed_out": "The device was signed out.",
    "others_signed_out": "You were signed out everywhere else.",
    "key_revoked": "The API key was revoked.",
    "preferences_saved": "Your preferences were saved.",
}
"""Messages after a redirect. The query names one of them, so a link cannot inject its own text."""

FieldErrors = dict[str, str]
"""Field name to what is wrong, as the end of a sentence that starts with the field's label."""

AccountPage = Callable[[PageRequest, Session], Awaitable[web.Response]]


@dataclass(slots=True)
class PageContext:
    """Values and field errors for a template."""

    values: dict[str, Any]
    field_errors: FieldErrors = field(default_factory=dict)


def require_session(page: AccountPage) -> Page:
    """Redirects to sign-in when nobody is signed in."""

    async def handle(request: PageRequest) -> web.Response:
        if request.session is None:
            return request.redirect("/login", next=request.http.path)
        return await page(request, request.session)

    return handle


def render_page(
    request: PageRequest, template: str, page: PageContext, script_src: str = ""
) -> web.Response:
    """422 when there are field errors, else 200. `script_src` as for `Templates.render`."""
    shared = {
        "navigation": NAVIGATION,
        "current_path": request.http.path,
        "flash": FLASHES.get(request.http.query.get("flash", ""), ""),
        "field_errors": page.field_errors,
    }
    status = 422 if page.field_errors else 200
    values = {**page.values, **shared}
    return request.render(f"account/{template}", values, status=status, script_src=script_src)


def field_errors_of(error: ValidationFailed) -> FieldErrors:
    """The error's messages by field."""
    return {each["field"]: each["message"] for each in error.details["fields"]}


async def check_current_password(
    request: PageRequest, session: Session, password: str
) -> FieldErrors:
    """A field error unless this is the user's password. Raises TooManyAttempts."""
    try:
        await credentials.check_password(request.context, session.user_id, password)
    except IncorrectPassword:
        return {"current_password": "is incorrect"}
    return {}
