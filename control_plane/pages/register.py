"""/register: a new account, signed in at once; a mail asks to verify the address."""

from aiohttp import web

from control_plane.accounts import registration
from control_plane.kit.throttle import address_of
from control_plane.pages import login
from control_plane.pages.visit import Visit
from shared.errors import Conflict, ValidationFailed

_ACCOUNTS_MAX = 200
_TAKEN = "There is an account with this address already: sign in instead."


async def show_register(visit: Visit) -> web.Response:
    query = visit.request.query
    carried = {name: query.get(name, "") for name in ("interaction", "next", "user_code")}
    return await login.form_for(visit, "register.html", carried)


async def register(visit: Visit) -> web.Response:
    """303 on to where the person was going, or the form again with what is wrong."""
    form = await visit.form()
    await visit.provider.throttle.count("register", address_of(visit.request), _ACCOUNTS_MAX)
    try:
        user = await registration.register(visit.provider, form["email"], form["password"])
    except ValidationFailed as error:
        fields = error.details.get("fields", [])
        faults = {each["field"]: each["message"] for each in fields}
        return await login.form_for(visit, "register.html", form, status=422, faults=faults)
    except Conflict:
        return await login.form_for(visit, "register.html", form, status=409, error=_TAKEN)
    return await login.welcome(visit, user.id, form)
