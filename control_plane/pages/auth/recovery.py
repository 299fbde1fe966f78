"""/verify-email, /forgot-password, /reset-password, /undo-email.

Opening a link only shows a form, because mail clients open links, too. Submitting it takes effect.
"""

from aiohttp import web

from control_plane.identity import email_change, email_revert, recovery, signup
from control_plane.identity.throttle import Count
from control_plane.identity.users import links
from control_plane.identity.users.links import Link, Purpose
from control_plane.kit.client_info import client_network
from control_plane.oauth.errors import PageError
from control_plane.pages.request import PageRequest
from shared.errors import ValidationFailed

_REQUESTS_MAX = 100
_INVALID_LINK = "This link has expired or was already used. Request a new one."
_SENT = "If an account with this address exists, we have sent a link to reset its password."


async def show_verify(request: PageRequest) -> web.Response:
    query = request.http.query
    purpose = Purpose.CHANGE if query.get("new") else Purpose.VERIFY
    link = await _load_link(request, purpose, query.get("token", ""))
    values = {
        "heading": "Verify your e-mail address",
        "message": f"Confirm that {link.email} is your e-mail address.",
        "action": "/verify-email",
        "button": "Verify e-mail address",
    }
    hidden = {"token": query.get("token", ""), "next": query.get("new", "")}
    return request.render("confirm.html", values, hidden=hidden)


async def verify(request: PageRequest) -> web.Response:
    """Verify a new account's address, or apply a change of address."""
    form = await request.form()
    signed_in = request.session.user_id if request.session else ""
    if form["next"]:
        await email_change.confirm_change(
            request.context, form["token"], request.client_info, signed_in
        )
    else:
        await signup.verify_email(request.context, form["token"], signed_in)
    message, link = "Your e-mail address was verified.", ("/account", "Go to your account")
    return request.render_message("E-mail address verified", message, link)


async def show_forgot(request: PageRequest) -> web.Response:
    return request.render("forgot.html", {})


async def forgot(request: PageRequest) -> web.Response:
    """The same response for every address."""
    form = await request.form()
    limit = Count("forgot", client_network(request.http), _REQUESTS_MAX)
    await request.context.throttle.begin(limit)
    await recovery.request_reset(request.context, form["email"])
    return request.render_message("Check your inbox", _SENT, ("/login", "Back to sign-in"))


async def show_reset(request: PageRequest) -> web.Response:
    return await _reset_form(request, request.http.query.get("token", ""), {})


async def reset(request: PageRequest) -> web.Response:
    """422 with the form for an invalid password."""
    form, client_info = await request.form(), request.client_info
    limit = Count("reset", client_network(request.http), _REQUESTS_MAX)
    await request.context.throttle.begin(limit)
    try:
        await recovery.reset_password(request.context, form["token"], form["password"], client_info)
    except ValidationFailed as error:
        field_errors = {each["field"]: each["message"] for each in error.details["fields"]}
        return await _reset_form(request, form["token"], field_errors)
    await request.sign_out()
    message, link = "You can now sign in with your new password.", ("/login", "Sign in")
    return request.render_message("Your password was changed", message, link)


async def show_revert(request: PageRequest) -> web.Response:
    token = request.http.query.get("token", "")
    link = await _load_link(request, Purpose.REVERT, token)
    values = {
        "heading": "Restore your e-mail address?",
        "message": f"The e-mail address of your account will be {link.email} again. You will be "
        "signed out everywhere, your API keys will be revoked, and you will choose a new password.",
        "action": "/undo-email",
        "button": "Restore my account",
    }
    return request.render("confirm.html", values, hidden={"token": token})


async def revert(request: PageRequest) -> web.Response:
    """303 to the form for a new password."""
    form = await request.form()
    secret = await email_revert.revert(request.context, form["token"], request.client_info)
    await request.sign_out()
    return request.redirect("/reset-password", token=secret)


async def _reset_form(
    request: PageRequest, token: str, field_errors: dict[str, str]
) -> web.Response:
    link = await _load_link(request, Purpose.RESET, token)
    values = {"email": link.email, "field_errors": field_errors}
    status = 422 if field_errors else 200
    return request.render("reset.html", values, status=status, hidden={"token": token})


async def _load_link(request: PageRequest, purpose: Purpose, token: str) -> Link:
    link = await links.find(request.context.pool, purpose, token)
    if link is None:
        raise PageError(_INVALID_LINK)
    return link
