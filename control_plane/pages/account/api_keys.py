"""/account/api-keys: one's own keys. The secret is on one page only, the one that made it."""

from datetime import UTC, datetime

from aiohttp import web

from control_plane.api_keys import service as api_keys
from control_plane.api_keys.input import SCOPES, Asked
from control_plane.identity.clients.records import SCOPE_TEXTS
from control_plane.identity.sessions.records import Session
from control_plane.kit import validation
from control_plane.pages.account.layout import Faults, Sheet, faults_of, show
from control_plane.pages.request import Form, PageRequest
from shared.credits import public as credit_number
from shared.errors import ValidationFailed

_WORDS = {
    "name": "must have 1 to 100 characters",
    "scopes": "choice is empty: allow the key at least one thing",
    "credit_cap": "must be a whole number of credits, 1 or more",
    "expires_at": "must be a day to come",
}


async def show_keys(request: PageRequest, session: Session) -> web.Response:
    return await _page(request, session, Form(dict.fromkeys(SCOPES[:2], "on")), {})


async def change_keys(request: PageRequest, session: Session) -> web.Response:
    """Makes one, or revokes one."""
    form = await request.form()
    pool, redis = request.context.pool, request.context.redis
    if form["revoke"]:
        await api_keys.revoke(pool, redis, session.user_id, form["revoke"])
        return request.go("/account/api-keys", said="revoked")
    try:
        new = validation.check(Asked, _asked(form)).to_new()
    except ValidationFailed as error:
        faults = {name.partition(".")[0]: "" for name in faults_of(error)}
        return await _page(request, session, form, {name: _WORDS[name] for name in faults})
    made, secret = await api_keys.create(pool, redis, session.user_id, new)
    return show(request, "key_made.html", Sheet({"key": made, "secret": secret}))


def _asked(form: Form) -> dict[str, object]:
    """What a form says, as a program would. The last day counts in whole."""
    cap, last = form["credit_cap"].strip(), form["expires_at"].strip()
    asked: dict[str, object] = {
        "name": form["name"],
        "scopes": [scope for scope in SCOPES if form[scope]],
    }
    if cap:
        asked["credit_cap"] = cap
    if last:
        asked["expires_at"] = _end_of(last)
    return asked


def _end_of(day: str) -> datetime | str:
    try:
        return datetime.fromisoformat(day).replace(hour=23, minute=59, second=59, tzinfo=UTC)
    except ValueError:
        return day


async def _page(request: PageRequest, session: Session, form: Form, faults: Faults) -> web.Response:
    values = {
        "keys": await api_keys.list_keys(request.context.pool, session.user_id),
        "scopes": [(scope, SCOPE_TEXTS[scope]) for scope in SCOPES],
        "form": form,
        "credits": credit_number,
    }
    return show(request, "keys.html", Sheet(values, faults))
