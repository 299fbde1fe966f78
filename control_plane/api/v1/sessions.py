"""/v1/users/me/sessions: the signed-in applications, and how to sign out one or all."""

from typing import Any

from aiohttp import web

from control_plane.api.request import ApiRequest
from control_plane.identity import sign_out
from control_plane.identity.grants import store as grants
from control_plane.identity.grants.records import Grant
from control_plane.kit.client_info import client_info_of
from control_plane.kit.clock import rfc3339


async def list_sessions(request: ApiRequest) -> web.Response:
    """Most recently used first; `current` marks the caller's own."""
    live = await grants.list_live(request.pool, request.user.id)
    sessions = [_to_json(grant, request.session) for grant in live]
    return web.json_response({"object": "list", "data": sessions, "sessions": sessions})


async def end_session(request: ApiRequest) -> web.Response:
    """204. Both planes refuse its tokens within two seconds. 404 for another user's."""
    grant_id, client_info = request.http.match_info["id"], client_info_of(request.http)
    await sign_out.sign_out_application(request.identity, request.user.id, grant_id, client_info)
    return web.Response(status=204)


async def end_sessions(request: ApiRequest) -> web.Response:
    """204. Signs out all applications and browsers, including the caller."""
    await sign_out.sign_out_everywhere(request.identity, request.user.id)
    return web.Response(status=204)


def _to_json(grant: Grant, current: str) -> dict[str, Any]:
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
