"""/account/api-keys: one's own keys. The secret is on one page only, the one that made it."""

from datetime import UTC, datetime

from aiohttp import web

from control_plane.api_keys import service as api_keys
from control_plane.api_keys.asking import SCOPES, Asked
from control_plane.kit import shapes
from control_plane.oidc.records import SCOPE_TEXTS, Session
from control_plane.pages.account.frame import Faults, Sheet, faults_of, show
from control_plane.pages.visit import Form, Visit
from shared.credits import public as credit_number
from shared.errors import ValidationFailed

_WORDS = {
    "name": "must have 1 to 100 characters",
    "scopes": "choice is empty: allow the key at least one thing",
    "credit_cap": "must be a whole number of credits, 1 or more",
    "expires_at": "must be a day to come",
}


async def show_keys(visit: Visit, session: Session) -> web.Response:
    return await _page(visit, session, Form(dict.fromkeys(SCOPES[:2], "on")), {})


async def change_keys(visit: Visit, session: Session) -> web.Response:
    """Makes one, or revokes one."""
    form = await visit.form()
    pool, redis = visit.provider.pool, visit.provider.redis
    if form["revoke"]:
        await api_keys.revoke(pool, redis, session.user_id, form["revoke"])
        return visit.go("/account/api-keys", said="revoked")
    try:
        new = shapes.check(Asked, _asked(form)).to_new()
    except ValidationFailed as error:
        faults = {name.partition(".")[0]: "" for name in faults_of(error)}
        return await _page(visit, session, form, {name: _WORDS[name] for name in faults})
    made, secret = await api_keys.create(pool, redis, session.user_id, new)
    return show(visit, "key_made.html", Sheet({"key": made, "secret": secret}))


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


async def _page(visit: Visit, session: Session, form: Form, faults: Faults) -> web.Response:
    values = {
        "keys": await api_keys.list_keys(visit.provider.pool, session.user_id),
        "scopes": [(scope, SCOPE_TEXTS[scope]) for scope in SCOPES],
        "form": form,
        "credits": credit_number,
    }
    return show(visit, "keys.html", Sheet(values, faults))
