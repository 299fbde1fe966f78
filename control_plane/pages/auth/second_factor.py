"""/login/second: after a correct password, ask for a code or a passkey."""

from aiohttp import web

from control_plane.identity import sign_in
from control_plane.identity.mfa import store
from control_plane.identity.mfa.passkeys import PasskeyRejected
from control_plane.identity.mfa.records import AuthenticatedUser
from control_plane.identity.mfa.verification import InvalidCode
from control_plane.kit import rendering
from control_plane.pages.auth.login import complete_login
from control_plane.pages.auth.login_form import CARRIED, request_options
from control_plane.pages.request import Form, PageRequest


async def show_second_factor(request: PageRequest) -> web.Response:
    """Redirects to /login when no challenge is pending in this browser."""
    form = Form({name: request.http.query.get(name, "") for name in CARRIED})
    user_id = await store.find_challenge(request.context.pool, request.browser)
    if user_id is None:
        return request.redirect("/login", **_carried(form))
    return await _page(request, user_id, form)


async def second_factor(request: PageRequest) -> web.Response:
    """303 on success; 401 with the form; back to /login after five attempts."""
    form, pool = await request.form(), request.context.pool
    user_id = await store.take_attempt(pool, request.browser)
    if user_id is None:
        return request.redirect("/login", **_carried(form))
    try:
        methods = await sign_in.check_second_factor(
            request.context, request.visitor, user_id, form["code"], form["credential"]
        )
    except (InvalidCode, PasskeyRejected) as refusal:
        return await _page(request, user_id, form, refusal.message)
    if not await store.complete_challenge(pool, request.browser, user_id):
        return request.redirect("/login", **_carried(form))
    user = AuthenticatedUser(user_id, (*sign_in.PASSWORD, *methods))
    return await complete_login(request, user, form)


async def _page(request: PageRequest, user_id: str, form: Form, error: str = "") -> web.Response:
    factors = await store.load(request.context.pool, user_id)
    values = {
        "error": error,
        "factors": factors,
        "options": request_options(request, factors.passkeys) if factors.passkeys else "",
    }
    return request.render(
        "second_factor.html",
        values,
        status=401 if error else 200,
        hidden=_carried(form),
        script_src=rendering.SELF if factors.passkeys else "",
    )


def _carried(form: Form) -> dict[str, str]:
    return {name: form[name] for name in CARRIED}
