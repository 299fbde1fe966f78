"""/account/preferences: what is used where an application leaves it open."""

from aiohttp import web

from control_plane.catalogue import service as catalogue
from control_plane.identity.sessions.records import Session
from control_plane.kit import validation
from control_plane.pages.account.layout import Faults, Sheet, faults_of, show
from control_plane.pages.request import Form, PageRequest
from control_plane.preferences import service as preferences
from control_plane.preferences import store
from control_plane.preferences.service import PreferencesChange
from shared.errors import ValidationFailed

_FIELDS = ("default_model_id", "enable_streaming", "max_tokens", "temperature")
_WORDS = {
    "enable_streaming": "must be one of the choices",
    "max_tokens": f"must be a whole number from 1 to {preferences.TOKENS_MAX}",
    "temperature": "must be from 0 to 2, with two decimals at most",
}


async def show_preferences(request: PageRequest, session: Session) -> web.Response:
    found = await store.find(request.context.pool, session.user_id)
    streaming = {None: "", True: "yes", False: "no"}[found.enable_streaming]
    values = {
        "default_model_id": found.default_model_id or "",
        "enable_streaming": streaming,
        "max_tokens": str(found.max_tokens or ""),
        "temperature": "" if found.temperature is None else str(found.temperature),
    }
    return await _form(request, Form(values), {})


async def change_preferences(request: PageRequest, session: Session) -> web.Response:
    """A choice left open is taken back."""
    form, context = await request.form(), request.context
    given = {name: form[name].strip() or None for name in _FIELDS}
    try:
        change = validation.check(PreferencesChange, given)
    except ValidationFailed as error:
        told = faults_of(error)
        return await _form(request, form, {name: _WORDS.get(name, told[name]) for name in told})
    try:
        await preferences.change(context.pool, context.redis, session.user_id, change.named())
    except ValidationFailed as error:
        return await _form(request, form, faults_of(error))
    return request.go("/account/preferences", said="preferences")


async def _form(request: PageRequest, form: Form, faults: Faults) -> web.Response:
    models = await catalogue.list_models(request.context.pool)
    listed = [(model.id, model.name) for model in models if model.available]
    values = {"models": listed, "form": form}
    return show(request, "preferences.html", Sheet(values, faults))
