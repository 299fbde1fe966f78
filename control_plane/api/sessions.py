"""/v1/users/me/sessions: the devices that are signed in, and how to end one or all."""

from typing import Any

from aiohttp import web

from control_plane.accounts import leaving
from control_plane.api.call import Call
from control_plane.kit.clock import rfc3339
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.oidc.grants import store as grants
from control_plane.oidc.records import Grant


async def list_sessions(call: Call) -> web.Response:
    """The one used last first; `current` is the caller's own."""
    found = await grants.list_live(call.plane.connections.pool, call.user.id)
    shown = [_shown(grant, call.session) for grant in found]
    return web.json_response({"object": "list", "data": shown, "sessions": shown})


async def end_session(call: Call) -> web.Response:
    """204. Both planes refuse its tokens within two seconds."""
    grant_id, origin = call.request.match_info["id"], origin_of(call.request)
    await leaving.end_one(call.plane.provider, call.user.id, grant_id, origin)
    return web.Response(status=204)


async def end_sessions(call: Call) -> web.Response:
    """204: everything, also browsers, also the caller."""
    await leaving.end_all(call.plane.provider, call.user.id)
    return web.Response(status=204)


def _shown(grant: Grant, current: str) -> dict[str, Any]:
    return {
        "id": grant.id,
        "object": "session",
        "client": grant.client_id,
        "client_id": grant.client_id,
        "scopes": grant.scopes,
        "created_at": rfc3339(grant.created_at),
        "last_used_at": rfc3339(grant.last_used_at),
        "ip": grant.ip or None,
        "user_agent": grant.user_agent or None,
        "current": grant.id == current,
    }
