"""/account/devices: the browsers and applications that are signed in, and how to end them."""

import re

from aiohttp import web

from control_plane.identity import sign_out
from control_plane.identity.clients import store as clients
from control_plane.identity.grants import store as grants
from control_plane.identity.sessions import service
from control_plane.identity.sessions.records import Session
from control_plane.kit.client_info import client_info_of
from control_plane.pages.account.layout import Sheet, show
from control_plane.pages.request import PageRequest

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


async def show_devices(request: PageRequest, session: Session) -> web.Response:
    pool, user_id = request.context.pool, session.user_id
    live = await grants.list_live(pool, user_id)
    ids = {grant.client_id for grant in live}
    found = [await clients.find_client(pool, client_id) for client_id in sorted(ids)]
    values = {
        "browsers": await service.list_signed_in(pool, user_id),
        "this": service.id_of(request.session_id),
        "grants": live,
        "names": {client.id: client.name for client in found if client},
        "describe": describe,
    }
    return show(request, "devices.html", Sheet(values))


async def end_device(request: PageRequest, session: Session) -> web.Response:
    """One application, one browser, or everything but this browser."""
    form, context, user_id = await request.form(), request.context, session.user_id
    if form["grant"]:
        await sign_out.end_one(context, user_id, form["grant"], client_info_of(request.http))
    elif form["browser"]:
        await service.end(context.pool, user_id, form["browser"])
    elif form["others"]:
        await sign_out.end_all(context, user_id, keep=request.session_id)
        return request.go("/account/devices", said="others")
    return request.go("/account/devices", said="ended")


def describe(user_agent: str) -> str:
    """`Firefox on Linux`, as far as a browser tells. Pure."""
    program = _first(_PROGRAMS, user_agent) or "A browser"
    system = _first(_SYSTEMS, user_agent)
    return f"{program} on {system}" if system else program


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in table if re.search(pattern, text)), "")
