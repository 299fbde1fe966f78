"""/v1/api-keys: the caller's API keys. A secret is only in the response that creates it."""

from typing import Any

from aiohttp import web

from control_plane.api import bodies
from control_plane.api.request import ApiRequest
from control_plane.api_keys import service as api_keys
from control_plane.api_keys.input import ApiKeyInput
from control_plane.api_keys.records import ApiKey
from control_plane.kit import clock
from shared.credits import public as credit_number


async def create_key(request: ApiRequest) -> web.Response:
    """201 with the secret; the key works at once, and ends with the grant of the access token."""
    body = await bodies.read(request.http, ApiKeyInput)
    new = body.within(request.principal.scopes).to_new(request.session)
    key, secret = await api_keys.create(request.pool, request.redis, request.user.id, new)
    return web.json_response({**_to_json(key), "secret": secret}, status=201)


async def list_keys(request: ApiRequest) -> web.Response:
    """All keys that are not revoked."""
    keys = await api_keys.list_keys(request.pool, request.user.id)
    return web.json_response({"object": "list", "data": [_to_json(key) for key in keys]})


async def revoke_key(request: ApiRequest) -> web.Response:
    """204. The key stops working within two seconds. 404 for another user's."""
    key_id = request.http.match_info["id"]
    await api_keys.revoke(request.pool, request.redis, request.user.id, key_id)
    return web.Response(status=204)


def _to_json(key: ApiKey) -> dict[str, Any]:
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
