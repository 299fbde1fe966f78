"""/login/second: the password was right in this browser; now a code, or a passkey."""

from aiohttp import web

from control_plane.identity.mfa import store, verification
from control_plane.identity.mfa.passkeys import BadAnswer
from control_plane.identity.mfa.verification import WrongCode
from control_plane.kit import rendering
from control_plane.kit.client_info import client_info_of
from control_plane.pages.auth.login import CARRIED, request_options, welcome
from control_plane.pages.request import Form, PageRequest


async def show_second(request: PageRequest) -> web.Response:
    """Back to the password, where that step is over."""
    form = Form({name: request.http.query.get(name, "") for name in CARRIED})
    user_id = await store.find_step(request.context.pool, request.browser)
    if user_id is None:
        return request.go("/login", **_carried(form))
    return await _page(request, user_id, form)


async def second(request: PageRequest) -> web.Response:
    """303 on; 401 with the form again; after five tries the password is asked for again."""
    form, pool = await request.form(), request.context.pool
    user_id = await store.take_try(pool, request.browser)
    if user_id is None:
        return request.go("/login", **_carried(form))
    try:
        methods = await _prove(request, user_id, form)
    except (WrongCode, BadAnswer) as refusal:
        return await _page(request, user_id, form, refusal.message)
    if not await store.end_step(pool, request.browser, user_id):
        return request.go("/login", **_carried(form))
    return await welcome(request, user_id, form, ("pwd", *methods))


async def _prove(request: PageRequest, user_id: str, form: Form) -> tuple[str, ...]:
    """How. Raises WrongCode, BadAnswer or TooManyTries."""
    context, origin = request.context, client_info_of(request.http)
    if not form["answer"]:
        await verification.check_code(context, user_id, form["code"], origin)
        return verification.CODE_USED
    proof = await verification.check_passkey(context, request.browser, form["answer"], origin)
    if proof.user_id != user_id:
        raise BadAnswer
    return proof.methods


async def _page(request: PageRequest, user_id: str, form: Form, error: str = "") -> web.Response:
    factors = await store.load(request.context.pool, user_id)
    values = {
        "error": error,
        "factors": factors,
        "options": request_options(request, factors.passkeys) if factors.passkeys else "",
    }
    runs = rendering.OWN_FILES if factors.passkeys else ""
    status = 401 if error else 200
    return request.show("second.html", values, status=status, hidden=_carried(form), runs=runs)


def _carried(form: Form) -> dict[str, str]:
    return {name: form[name] for name in CARRIED}
