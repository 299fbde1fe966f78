"""/verify-email, /forgot-password, /reset-password, /undo-email. Opening a link changes nothing:
mail programs open links as well. Only the button does.
"""

from aiohttp import web

from control_plane.accounts import changing, recovery, registration, undoing
from control_plane.kit.throttle import address_of
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.oidc.errors import PageError
from control_plane.pages.visit import Visit
from control_plane.users import links
from control_plane.users.links import Link, Purpose
from shared.errors import ValidationFailed

_ASKED_MAX = 100
_SENT = "If there is an account with this address, a mail with a link is on its way to it."
_OVER = "This link was used already, or is over: ask for a new one."


async def show_verify(visit: Visit) -> web.Response:
    """A button."""
    query = visit.request.query
    purpose = Purpose.CHANGE if query.get("new") else Purpose.VERIFY
    link = await _load(visit, purpose, query.get("token", ""))
    values = {
        "heading": "Verify your e-mail address",
        "message": f"Is {link.email} your address?",
        "action": "/verify-email",
        "button": "Yes, it is mine",
    }
    hidden = {"token": query.get("token", ""), "next": query.get("new", "")}
    return visit.show("confirm.html", values, hidden=hidden)


async def verify(visit: Visit) -> web.Response:
    form = await visit.form()
    if form["next"]:
        origin = origin_of(visit.request)
        await changing.confirm_email(visit.provider, form["token"], origin)
    else:
        await registration.verify(visit.provider, form["token"])
    return _say(
        visit, "Thank you", "Your e-mail address is verified.", ("/account", "Your account")
    )


async def show_forgot(visit: Visit) -> web.Response:
    return visit.show("forgot.html", {})


async def forgot(visit: Visit) -> web.Response:
    """The same answer for every address."""
    form = await visit.form()
    await visit.provider.throttle.count("forgot", address_of(visit.request), _ASKED_MAX)
    await recovery.ask(visit.provider, form["email"])
    return _say(visit, "Look into your mail", _SENT, ("/login", "Back to sign-in"))


async def show_reset(visit: Visit) -> web.Response:
    return await _reset_form(visit, visit.request.query.get("token", ""), {})


async def reset(visit: Visit) -> web.Response:
    """422 and the form again for a password that cannot be."""
    form = await visit.form()
    origin = origin_of(visit.request)
    try:
        await recovery.reset(visit.provider, form["token"], form["password"], origin)
    except ValidationFailed as error:
        faults = {each["field"]: each["message"] for each in error.details["fields"]}
        return await _reset_form(visit, form["token"], faults)
    await visit.sign_out()
    return _say(visit, "Saved", "Sign in with your new password.", ("/login", "Sign in"))


async def show_undo(visit: Visit) -> web.Response:
    """A button."""
    token = visit.request.query.get("token", "")
    link = await _load(visit, Purpose.UNDO, token)
    values = {
        "heading": "Take your account back?",
        "message": f"Your account gets the address {link.email} back. Everything that is signed in "
        "is signed out, all API keys are revoked, and you choose a new password.",
        "action": "/undo-email",
        "button": "Take it back",
    }
    return visit.show("confirm.html", values, hidden={"token": token})


async def undo(visit: Visit) -> web.Response:
    """On to the choice of a new password."""
    form, origin = await visit.form(), origin_of(visit.request)
    chosen = await undoing.undo(visit.provider, form["token"], origin)
    await visit.sign_out()
    return visit.go("/reset-password", token=chosen)


async def _reset_form(visit: Visit, token: str, faults: dict[str, str]) -> web.Response:
    link = await _load(visit, Purpose.RESET, token)
    values = {"email": link.email, "faults": faults}
    status = 422 if faults else 200
    return visit.show("reset.html", values, status=status, hidden={"token": token})


async def _load(visit: Visit, purpose: Purpose, token: str) -> Link:
    link = await links.find(visit.provider.pool, purpose, token)
    if link is None:
        raise PageError(_OVER)
    return link


def _say(
    visit: Visit, heading: str, message: str, link: tuple[str, str] = ("", "")
) -> web.Response:
    values = {"heading": heading, "message": message, "link": link[0], "link_text": link[1]}
    return visit.show("message.html", values)
