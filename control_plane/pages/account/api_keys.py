"""/account/api-keys: list, create and revoke API keys. A secret is shown once, after creation."""

from datetime import UTC, datetime

from aiohttp import web

from control_plane.api_keys import service as api_keys
from control_plane.api_keys.input import SCOPES, ApiKeyInput
from control_plane.identity.clients.records import SCOPE_DESCRIPTIONS
from control_plane.identity.sessions.records import Session
from control_plane.kit import validation
from control_plane.pages.account.layout import (
    FieldErrors,
    PageContext,
    field_errors_of,
    render_page,
)
from control_plane.pages.request import Form, PageRequest
from shared.credits import public as credit_number
from shared.errors import ValidationFailed

_ERRORS = {
    "name": "must have 1 to 100 characters",
    "scopes": "must include at least one permission",
    "credit_cap": "must be a whole number of credits, at least 1",
    "expires_at": "must be in the future",
}


async def show_keys(request: PageRequest, session: Session) -> web.Response:
    return await _page(request, session, Form(dict.fromkeys(SCOPES[:2], "on")), {})


async def change_keys(request: PageRequest, session: Session) -> web.Response:
    """Create a key, or revoke one. 422 with the form for invalid fields."""
    form = await request.form()
    pool, redis = request.context.pool, request.context.redis
    if form["revoke"]:
        await api_keys.revoke(pool, redis, session.user_id, form["revoke"])
        return request.redirect("/account/api-keys", flash="key_revoked")
    try:
        new = validation.check(ApiKeyInput, _input(form)).to_new()
    except ValidationFailed as error:
        invalid = {name.partition(".")[0] for name in field_errors_of(error)}
        return await _page(request, session, form, {name: _ERRORS[name] for name in invalid})
    key, secret = await api_keys.create(pool, redis, session.user_id, new)
    page = PageContext({"key": key, "secret": secret})
    return render_page(request, "api_key_created.html", page)


def _input(form: Form) -> dict[str, object]:
    """The form as the JSON body that the API takes. A key is valid to the end of its last day."""
    cap, last_day = form["credit_cap"].strip(), form["expires_at"].strip()
    values: dict[str, object] = {
        "name": form["name"],
        "scopes": [scope for scope in SCOPES if form[scope]],
    }
    if cap:
        values["credit_cap"] = cap
    if last_day:
        values["expires_at"] = _end_of(last_day)
    return values


def _end_of(day: str) -> datetime | str:
    try:
        return datetime.fromisoformat(day).replace(hour=23, minute=59, second=59, tzinfo=UTC)
    except ValueError:
        return day


async def _page(
    request: PageRequest, session: Session, form: Form, field_errors: FieldErrors
) -> web.Response:
    values = {
        "keys": await api_keys.list_keys(request.context.pool, session.user_id),
        "scopes": [(scope, SCOPE_DESCRIPTIONS[scope]) for scope in SCOPES],
        "form": form,
        "credits": credit_number,
    }
    return render_page(request, "api_keys.html", PageContext(values, field_errors))
