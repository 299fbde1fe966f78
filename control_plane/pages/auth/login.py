"""/login: sign in with a password or a passkey.

A user with a second factor continues with it; a passkey counts as both factors.
"""

import re

from aiohttp import web

from control_plane.identity import sign_in
from control_plane.identity.mfa.passkeys import PasskeyRejected
from control_plane.identity.mfa.records import AuthenticatedUser
from control_plane.identity.sign_in import IncorrectPassword
from control_plane.oauth.authorize import flow
from control_plane.pages.auth.authorize import load_interaction
from control_plane.pages.auth.login_form import CARRIED, LOGIN, render_form
from control_plane.pages.request import Form, PageRequest
from shared.errors import AccountSuspended, Refusal

_NEXT = re.compile(r"/account(/[a-z-]+)?|/device")


async def show_login(request: PageRequest) -> web.Response:
    query = request.http.query
    return await render_form(request, LOGIN, {name: query.get(name, "") for name in CARRIED})


async def login(request: PageRequest) -> web.Response:
    """303 to where the user was going; 401 or 403 with the form; 429 after too many attempts."""
    form = await request.form()
    try:
        user = await sign_in.by_password(
            request.context, request.visitor, form["email"], form["password"]
        )
    except (IncorrectPassword, AccountSuspended) as refusal:
        return await _form_with(request, form, refusal)
    if user is None:
        return request.redirect("/login/second", **{name: form[name] for name in CARRIED})
    return await complete_login(request, user, form)


async def login_by_passkey(request: PageRequest) -> web.Response:
    """303 like `login`; 400 with the form for a passkey that is not accepted."""
    form = await request.form()
    try:
        user = await sign_in.by_passkey(request.context, request.visitor, form["credential"])
    except PasskeyRejected as refusal:
        return await _form_with(request, form, refusal)
    return await complete_login(request, user, form)


async def complete_login(request: PageRequest, user: AuthenticatedUser, form: Form) -> web.Response:
    """Start a session and continue to where the user was going."""
    await sign_in.record(request.context, request.visitor, user.user_id)
    await request.sign_in(user)
    if form["interaction"]:
        interaction = await load_interaction(request, form["interaction"])
        browser = request.browser_context
        return request.respond(await flow.resume(request.context, interaction, browser))
    path = form["next"] if _NEXT.fullmatch(form["next"]) else "/account"
    return request.redirect(path, user_code=form["user_code"])


async def _form_with(request: PageRequest, form: Form, refusal: Refusal) -> web.Response:
    return await render_form(request, LOGIN, form, status=refusal.status, error=refusal.message)
