"""/account: what is signed in, what happened, and how to end it."""

from aiohttp import web

from control_plane.accounts import leaving
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.oidc.grants import events
from control_plane.oidc.grants import store as grants
from control_plane.pages.visit import Visit
from control_plane.users import service as users


async def show_account(visit: Visit) -> web.Response:
    if visit.session is None:
        return visit.go("/login", next="/account")
    pool, user_id = visit.provider.pool, visit.session.user_id
    profile = await users.load_profile(pool, user_id)
    values = {
        "email": profile.email,
        "verified": profile.email_verified,
        "grants": await grants.list_live(pool, user_id),
        "events": await events.list_events(pool, user_id),
    }
    return visit.show("account.html", values)


async def account(visit: Visit) -> web.Response:
    """Signs one application out."""
    form = await visit.form()
    if visit.session is not None:
        origin, user_id = origin_of(visit.request), visit.session.user_id
        await leaving.end_one(visit.provider, user_id, form["grant"], origin)
    return visit.go("/account")
