"""/v1/api-keys: a user's own keys. The secret is in one answer only, the one that creates it."""

from typing import Any

from aiohttp import web

from control_plane.api import bodies
from control_plane.api.call import Call
from control_plane.api_keys import service as api_keys
from control_plane.api_keys.asking import Asked
from control_plane.api_keys.records import ApiKey
from control_plane.kit import clock
from shared.credits import public as credit_number


async def create_key(call: Call) -> web.Response:
    """201 with the secret. It works at once."""
    new = (await bodies.read(call.request, Asked)).to_new()
    connections = call.plane.connections
    made, secret = await api_keys.create(connections.pool, connections.redis, call.user.id, new)
    return web.json_response({**_shown(made), "secret": secret}, status=201)


async def list_keys(call: Call) -> web.Response:
    """All that have not been revoked."""
    keys = await api_keys.list_keys(call.plane.connections.pool, call.user.id)
    return web.json_response({"object": "list", "data": [_shown(key) for key in keys]})


async def revoke_key(call: Call) -> web.Response:
    """204. Within two seconds it opens nothing any more."""
    connections = call.plane.connections
    key_id = call.request.match_info["id"]
    await api_keys.revoke(connections.pool, connections.redis, call.user.id, key_id)
    return web.Response(status=204)


def _shown(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "object": "api_key",
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "credit_cap": None if key.cap_micro is None else credit_number(key.cap_micro),
        "credits_used": credit_number(key.spent_micro, 1),
        "expires_at": clock.rfc3339(key.expires_at) if key.expires_at else None,
        "last_used_at": clock.rfc3339(key.last_used_at) if key.last_used_at else None,
        "created_at": clock.rfc3339(key.created_at),
    }
