"""/login/second: after a correct password, ask for a code or a passkey."""

from aiohttp import web

from control_plane.identity.mfa import store, verification
from control_plane.identity.mfa.passkeys import PasskeyRejected
from control_plane.identity.mfa.verification import InvalidCode
from control_plane.kit import rendering
from control_plane.pages.auth.login import CARRIED, complete_login, request_options
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
        methods = await _verify(request, user_id, form)
    except (InvalidCode, PasskeyRejected) as refusal:
        return await _page(request, user_id, form, refusal.message)
    if not await store.complete_challenge(pool, request.browser, user_id):
        return request.redirect("/login", **_carried(form))
    return await complete_login(request, user_id, form, ("pwd", *methods))


async def _verify(request: PageRequest, user_id: str, form: Form) -> tuple[str, ...]:
    """The methods used (RFC 8176). Raises InvalidCode, PasskeyRejected or TooManyAttempts."""
    context, client_info = request.context, request.client_info
    if not form["credential"]:
        name = request.attempt_name(user_id, user_id)
        await verification.check_code(context, user_id, form["code"], client_info, name)
        return verification.CODE_METHODS
    user = await verification.check_passkey(
        context, request.browser, form["credential"], client_info
    )
    if user.user_id != user_id:
        raise PasskeyRejected
    return user.methods


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
