"""/account/preferences: what is used where an application leaves it open."""

from aiohttp import web

from control_plane.accounts import preferring
from control_plane.accounts.preferring import PreferencesChange
from control_plane.catalogue import service as catalogue
from control_plane.kit import shapes
from control_plane.oidc.records import Session
from control_plane.pages.account.frame import Faults, Sheet, faults_of, show
from control_plane.pages.visit import Form, Visit
from control_plane.users import preferences
from shared.errors import ValidationFailed

_FIELDS = ("default_model_id", "enable_streaming", "max_tokens", "temperature")
_WORDS = {
    "enable_streaming": "must be one of the choices",
    "max_tokens": f"must be a whole number from 1 to {preferring.TOKENS_MAX}",
    "temperature": "must be from 0 to 2, with two decimals at most",
}


async def show_preferences(visit: Visit, session: Session) -> web.Response:
    found = await preferences.find(visit.provider.pool, session.user_id)
    streaming = {None: "", True: "yes", False: "no"}[found.enable_streaming]
    values = {
        "default_model_id": found.default_model_id or "",
        "enable_streaming": streaming,
        "max_tokens": str(found.max_tokens or ""),
        "temperature": "" if found.temperature is None else str(found.temperature),
    }
    return await _form(visit, Form(values), {})


async def change_preferences(visit: Visit, session: Session) -> web.Response:
    """A choice left open is taken back."""
    form, provider = await visit.form(), visit.provider
    given = {name: form[name].strip() or None for name in _FIELDS}
    try:
        change = shapes.check(PreferencesChange, given)
    except ValidationFailed as error:
        told = faults_of(error)
        return await _form(visit, form, {name: _WORDS.get(name, told[name]) for name in told})
    try:
        await preferring.change(provider.pool, provider.redis, session.user_id, change.named())
    except ValidationFailed as error:
        return await _form(visit, form, faults_of(error))
    return visit.go("/account/preferences", said="preferences")


async def _form(visit: Visit, form: Form, faults: Faults) -> web.Response:
    models = await catalogue.list_models(visit.provider.pool)
    listed = [(model.id, model.name) for model in models if model.available]
    values = {"models": listed, "form": form}
    return show(visit, "preferences.html", Sheet(values, faults))
