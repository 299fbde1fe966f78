"""/account/devices: signed-in applications and browsers, and how to sign them out."""

import re

from aiohttp import web

from control_plane.identity import browser_sessions, sign_out
from control_plane.identity.clients import store as clients
from control_plane.identity.grants import store as grants
from control_plane.identity.sessions import service as sessions
from control_plane.identity.sessions.records import Session
from control_plane.pages.account.layout import PageContext, render_page
from control_plane.pages.request import PageRequest

_BROWSERS = (
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
"""The first match wins, because user agents also name the browsers listed after their own."""


async def show_devices(request: PageRequest, session: Session) -> web.Response:
    pool, user_id = request.context.pool, session.user_id
    live = await grants.list_live(pool, user_id)
    ids = {grant.client_id for grant in live}
    found = [await clients.find_client(pool, client_id) for client_id in sorted(ids)]
    values = {
        "browsers": await sessions.list_sessions(pool, user_id),
        "this": sessions.public_id(request.session_id),
        "grants": live,
        "names": {client.id: client.name for client in found if client},
        "describe": describe,
    }
    return render_page(request, "devices.html", PageContext(values))


async def sign_out_device(request: PageRequest, session: Session) -> web.Response:
    """Sign out one application, one browser, or everything except this browser."""
    form, context, user_id = await request.form(), request.context, session.user_id
    if form["grant"]:
        client_info = request.client_info
        await sign_out.sign_out_application(context, user_id, form["grant"], client_info)
    elif form["browser"]:
        await browser_sessions.end_other(context, user_id, form["browser"])
    elif form["others"]:
        await sign_out.sign_out_everywhere(context, user_id, keep_session=session.id)
        return request.redirect("/account/devices", flash="others_signed_out")
    return request.redirect("/account/devices", flash="device_signed_out")


def describe(user_agent: str) -> str:
    """For example `Firefox on Linux`; `Unknown browser` where nothing matches. Pure."""
    browser = _first_match(_BROWSERS, user_agent) or "Unknown browser"
    system = _first_match(_SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first_match(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in table if re.search(pattern, text)), "")
