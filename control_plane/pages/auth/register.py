"""/register: create an account and sign in; a verification e-mail is sent."""

from aiohttp import web

from control_plane.identity import signup
from control_plane.identity.mfa.records import AuthenticatedUser
from control_plane.identity.sign_in import PASSWORD
from control_plane.identity.throttle import Count
from control_plane.kit.client_info import client_network
from control_plane.pages.auth.login import complete_login
from control_plane.pages.auth.login_form import CARRIED, render_form
from control_plane.pages.request import PageRequest
from shared.errors import Conflict, ValidationFailed

_ACCOUNTS_MAX = 200
_TEMPLATE = "register.html"
_TAKEN = "An account with this e-mail address already exists. Sign in instead."


async def show_register(request: PageRequest) -> web.Response:
    query = request.http.query
    return await render_form(request, _TEMPLATE, {name: query.get(name, "") for name in CARRIED})


async def register(request: PageRequest) -> web.Response:
    """303 to where the user was going; 422 or 409 with the form."""
    form, context = await request.form(), request.context
    await context.throttle.begin(Count("register", client_network(request.http), _ACCOUNTS_MAX))
    try:
        user = await signup.register(context, form["email"], form["password"])
    except ValidationFailed as error:
        fields = error.details.get("fields", [])
        errors = {each["field"]: each["message"] for each in fields}
        return await render_form(request, _TEMPLATE, form, status=422, field_errors=errors)
    except Conflict:
        return await render_form(request, _TEMPLATE, form, status=409, error=_TAKEN)
    return await complete_login(request, AuthenticatedUser(user.id, PASSWORD), form)
