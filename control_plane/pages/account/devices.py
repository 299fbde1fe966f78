"""/account/devices: the browsers and applications that are signed in, and how to end them."""

import re

from aiohttp import web

from control_plane.accounts import browsers, leaving
from control_plane.oidc import store as clients
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.oidc.grants import store as grants
from control_plane.oidc.records import Session
from control_plane.pages.account.frame import Sheet, show
from control_plane.pages.visit import Visit

_PROGRAMS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|Chromium/|CriOS/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux|X11"),
)
"""The first that fits: every program claims to be the ones below it, too."""


async def show_devices(visit: Visit, session: Session) -> web.Response:
    pool, user_id = visit.provider.pool, session.user_id
    live = await grants.list_live(pool, user_id)
    ids = {grant.client_id for grant in live}
    found = [await clients.find_client(pool, client_id) for client_id in sorted(ids)]
    values = {
        "browsers": await browsers.list_signed_in(pool, user_id),
        "this": browsers.id_of(visit.session_id),
        "grants": live,
        "names": {client.id: client.name for client in found if client},
        "describe": describe,
    }
    return show(visit, "devices.html", Sheet(values))


async def end_device(visit: Visit, session: Session) -> web.Response:
    """One application, one browser, or everything but this browser."""
    form, provider, user_id = await visit.form(), visit.provider, session.user_id
    if form["grant"]:
        await leaving.end_one(provider, user_id, form["grant"], origin_of(visit.request))
    elif form["browser"]:
        await browsers.end(provider.pool, user_id, form["browser"])
    elif form["others"]:
        await leaving.end_all(provider, user_id, keep=visit.session_id)
        return visit.go("/account/devices", said="others")
    return visit.go("/account/devices", said="ended")


def describe(user_agent: str) -> str:
    """`Firefox on Linux`, as far as a browser tells. Pure."""
    program = _first(_PROGRAMS, user_agent) or "A browser"
    system = _first(_SYSTEMS, user_agent)
    return f"{program} on {system}" if system else program


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in table if re.search(pattern, text)), "")
