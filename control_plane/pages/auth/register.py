"""/register: a new account, signed in at once; a mail asks to verify the address."""

from aiohttp import web

from control_plane.identity import signup
from control_plane.kit.client_info import client_ip
from control_plane.pages.auth import login
from control_plane.pages.request import PageRequest
from shared.errors import Conflict, ValidationFailed

_ACCOUNTS_MAX = 200
_TAKEN = "There is an account with this address already: sign in instead."


async def show_register(request: PageRequest) -> web.Response:
    query = request.http.query
    carried = {name: query.get(name, "") for name in ("interaction", "next", "user_code")}
    return await login.form_for(request, "register.html", carried)


async def register(request: PageRequest) -> web.Response:
    """303 on to where the person was going, or the form again with what is wrong."""
    form = await request.form()
    await request.context.throttle.count("register", client_ip(request.http), _ACCOUNTS_MAX)
    try:
        user = await signup.register(request.context, form["email"], form["password"])
    except ValidationFailed as error:
        fields = error.details.get("fields", [])
        faults = {each["field"]: each["message"] for each in fields}
        return await login.form_for(request, "register.html", form, status=422, faults=faults)
    except Conflict:
        return await login.form_for(request, "register.html", form, status=409, error=_TAKEN)
    return await login.welcome(request, user.id, form)
