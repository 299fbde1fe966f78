"""/verify-email, /forgot-password, /reset-password, /undo-email. Opening a link changes nothing:
mail programs open links as well. Only the button does.
"""

from aiohttp import web

from control_plane.identity import credentials, email_revert, recovery, signup
from control_plane.identity.users import links
from control_plane.identity.users.links import Link, Purpose
from control_plane.kit.client_info import client_info_of, client_ip
from control_plane.oauth.errors import PageError
from control_plane.pages.request import PageRequest
from shared.errors import ValidationFailed

_ASKED_MAX = 100
_SENT = "If there is an account with this address, a mail with a link is on its way to it."
_OVER = "This link was used already, or is over: ask for a new one."


async def show_verify(request: PageRequest) -> web.Response:
    """A button."""
    query = request.http.query
    purpose = Purpose.CHANGE if query.get("new") else Purpose.VERIFY
    link = await _load(request, purpose, query.get("token", ""))
    values = {
        "heading": "Verify your e-mail address",
        "message": f"Is {link.email} your address?",
        "action": "/verify-email",
        "button": "Yes, it is mine",
    }
    hidden = {"token": query.get("token", ""), "next": query.get("new", "")}
    return request.show("confirm.html", values, hidden=hidden)


async def verify(request: PageRequest) -> web.Response:
    form = await request.form()
    if form["next"]:
        origin = client_info_of(request.http)
        await credentials.confirm_email(request.context, form["token"], origin)
    else:
        await signup.verify(request.context, form["token"])
    return _say(
        request, "Thank you", "Your e-mail address is verified.", ("/account", "Your account")
    )


async def show_forgot(request: PageRequest) -> web.Response:
    return request.show("forgot.html", {})


async def forgot(request: PageRequest) -> web.Response:
    """The same answer for every address."""
    form = await request.form()
    await request.context.throttle.count("forgot", client_ip(request.http), _ASKED_MAX)
    await recovery.ask(request.context, form["email"])
    return _say(request, "Look into your mail", _SENT, ("/login", "Back to sign-in"))


async def show_reset(request: PageRequest) -> web.Response:
    return await _reset_form(request, request.http.query.get("token", ""), {})


async def reset(request: PageRequest) -> web.Response:
    """422 and the form again for a password that cannot be."""
    form = await request.form()
    origin = client_info_of(request.http)
    try:
        await recovery.reset(request.context, form["token"], form["password"], origin)
    except ValidationFailed as error:
        faults = {each["field"]: each["message"] for each in error.details["fields"]}
        return await _reset_form(request, form["token"], faults)
    await request.sign_out()
    return _say(request, "Saved", "Sign in with your new password.", ("/login", "Sign in"))


async def show_undo(request: PageRequest) -> web.Response:
    """A button."""
    token = request.http.query.get("token", "")
    link = await _load(request, Purpose.UNDO, token)
    values = {
        "heading": "Take your account back?",
        "message": f"Your account gets the address {link.email} back. Everything that is signed in "
        "is signed out, all API keys are revoked, and you choose a new password.",
        "action": "/undo-email",
        "button": "Take it back",
    }
    return request.show("confirm.html", values, hidden={"token": token})


async def undo(request: PageRequest) -> web.Response:
    """On to the choice of a new password."""
    form, origin = await request.form(), client_info_of(request.http)
    chosen = await email_revert.undo(request.context, form["token"], origin)
    await request.sign_out()
    return request.go("/reset-password", token=chosen)


async def _reset_form(request: PageRequest, token: str, faults: dict[str, str]) -> web.Response:
    link = await _load(request, Purpose.RESET, token)
    values = {"email": link.email, "faults": faults}
    status = 422 if faults else 200
    return request.show("reset.html", values, status=status, hidden={"token": token})


async def _load(request: PageRequest, purpose: Purpose, token: str) -> Link:
    link = await links.find(request.context.pool, purpose, token)
    if link is None:
        raise PageError(_OVER)
    return link


def _say(
    request: PageRequest, heading: str, message: str, link: tuple[str, str] = ("", "")
) -> web.Response:
    values = {"heading": heading, "message": message, "link": link[0], "link_text": link[1]}
    return request.show("message.html", values)
