"""/v1/api-keys: a user's own keys. The secret is in one answer only, the one that creates it."""

from datetime import datetime
from typing import Annotated, Any

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from control_plane.api import bodies
from control_plane.api.call import Call
from control_plane.api_keys import service as api_keys
from control_plane.api_keys.records import ApiKey, NewApiKey
from control_plane.kit import clock
from shared.credits import BALANCE_MICRO_MAX, MICRO
from shared.credits import public as credit_number
from shared.principal import SCOPE_CREDITS, SCOPE_INFERENCE, SCOPE_MODELS

SCOPES = (SCOPE_INFERENCE, SCOPE_MODELS, SCOPE_CREDITS)
"""What a key may ever do: it spends and reads, and changes nothing of its owner's."""


class _New(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    scopes: list[str] = Field(default=[SCOPE_INFERENCE, SCOPE_MODELS], min_length=1)
    credit_cap: int | None = Field(None, gt=0, le=BALANCE_MICRO_MAX // MICRO)
    expires_at: AwareDatetime | None = None

    @field_validator("scopes")
    @classmethod
    def known(cls, scopes: list[str]) -> list[str]:
        unknown = [scope for scope in scopes if scope not in SCOPES]
        if unknown:
            raise ValueError(f"must be among {', '.join(SCOPES)}")
        return sorted(set(scopes))

    @field_validator("expires_at")
    @classmethod
    def ahead(cls, moment: datetime | None) -> datetime | None:
        if moment is not None and moment <= clock.now():
            raise ValueError("must lie ahead")
        return moment


async def create_key(call: Call) -> web.Response:
    """201 with the secret. It works at once."""
    body = await bodies.read(call.request, _New)
    cap = None if body.credit_cap is None else body.credit_cap * MICRO
    new = NewApiKey(body.name, body.scopes, cap, body.expires_at)
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
