"""/account/preferences: defaults for requests that do not specify a value."""

from aiohttp import web

from control_plane.catalogue import service as catalogue
from control_plane.identity.sessions.records import Session
from control_plane.kit import validation
from control_plane.pages.account.layout import (
    FieldErrors,
    PageContext,
    field_errors_of,
    render_page,
)
from control_plane.pages.request import Form, PageRequest
from control_plane.preferences import service as preferences
from control_plane.preferences import store
from control_plane.preferences.service import PreferencesInput
from shared.errors import ValidationFailed

_FIELDS = ("default_model_id", "enable_streaming", "max_tokens", "temperature")
_ERRORS = {
    "enable_streaming": "must be one of the choices",
    "max_tokens": f"must be a whole number from 1 to {preferences.TOKENS_MAX}",
    "temperature": "must be from 0 to 2, with at most two decimals",
}


async def show_preferences(request: PageRequest, session: Session) -> web.Response:
    stored = await store.find(request.context.pool, session.user_id)
    streaming = {None: "", True: "yes", False: "no"}[stored.enable_streaming]
    values = {
        "default_model_id": stored.default_model_id or "",
        "enable_streaming": streaming,
        "max_tokens": str(stored.max_tokens or ""),
        "temperature": "" if stored.temperature is None else str(stored.temperature),
    }
    return await _form(request, Form(values), {})


async def change_preferences(request: PageRequest, session: Session) -> web.Response:
    """303 once saved; 422 with the form for invalid fields. An empty field clears its value."""
    form, context = await request.form(), request.context
    submitted = {name: form[name].strip() or None for name in _FIELDS}
    try:
        change = validation.check(PreferencesInput, submitted)
    except ValidationFailed as error:
        messages = field_errors_of(error)
        errors = {name: _ERRORS.get(name, message) for name, message in messages.items()}
        return await _form(request, form, errors)
    try:
        await preferences.change(context.pool, context.redis, session.user_id, change.values())
    except ValidationFailed as error:
        return await _form(request, form, field_errors_of(error))
    return request.redirect("/account/preferences", flash="preferences_saved")


async def _form(request: PageRequest, form: Form, field_errors: FieldErrors) -> web.Response:
    models = await catalogue.list_models(request.context.pool)
    available = [(model.id, model.name) for model in models if model.available]
    page = PageContext({"models": available, "form": form}, field_errors)
    return render_page(request, "preferences.html", page)
