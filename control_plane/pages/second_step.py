"""/login/second: the password was right in this browser; now a code, or a passkey."""

from aiohttp import web

from control_plane.kit import rendering
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.pages.login import CARRIED, request_options, welcome
from control_plane.pages.visit import Form, Visit
from control_plane.second_factors import proving, store
from control_plane.second_factors.passkeys import BadAnswer
from control_plane.second_factors.proving import WrongCode


async def show_second(visit: Visit) -> web.Response:
    """Back to the password, where that step is over."""
    form = Form({name: visit.request.query.get(name, "") for name in CARRIED})
    user_id = await store.find_step(visit.provider.pool, visit.browser)
    if user_id is None:
        return visit.go("/login", **_carried(form))
    return await _page(visit, user_id, form)


async def second(visit: Visit) -> web.Response:
    """303 on; 401 with the form again; after five tries the password is asked for again."""
    form, pool = await visit.form(), visit.provider.pool
    user_id = await store.take_try(pool, visit.browser)
    if user_id is None:
        return visit.go("/login", **_carried(form))
    try:
        methods = await _prove(visit, user_id, form)
    except (WrongCode, BadAnswer) as refusal:
        return await _page(visit, user_id, form, refusal.message)
    if not await store.end_step(pool, visit.browser, user_id):
        return visit.go("/login", **_carried(form))
    return await welcome(visit, user_id, form, ("pwd", *methods))


async def _prove(visit: Visit, user_id: str, form: Form) -> tuple[str, ...]:
    """How. Raises WrongCode, BadAnswer or TooManyTries."""
    provider, origin = visit.provider, origin_of(visit.request)
    if not form["answer"]:
        await proving.check_code(provider, user_id, form["code"], origin)
        return proving.CODE_USED
    proof = await proving.check_passkey(provider, visit.browser, form["answer"], origin)
    if proof.user_id != user_id:
        raise BadAnswer
    return proof.methods


async def _page(visit: Visit, user_id: str, form: Form, error: str = "") -> web.Response:
    factors = await store.load(visit.provider.pool, user_id)
    values = {
        "error": error,
        "factors": factors,
        "options": request_options(visit, factors.passkeys) if factors.passkeys else "",
    }
    runs = rendering.OWN_FILES if factors.passkeys else ""
    status = 401 if error else 200
    return visit.show("second.html", values, status=status, hidden=_carried(form), runs=runs)


def _carried(form: Form) -> dict[str, str]:
    return {name: form[name] for name in CARRIED}
