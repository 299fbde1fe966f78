"""/v1/users/me/preferences: what is used where a request leaves it open, as models allow.

What was not chosen is shown as the default it would start from, and is put into no request.
"""

from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from control_plane.api import bodies
from control_plane.api.request import ApiRequest
from control_plane.kit.clock import rfc3339
from control_plane.preferences import service, store
from control_plane.preferences.service import PreferencesChange
from control_plane.preferences.store import Preferences
from shared.errors import ModelNotFound

_TOKENS, _TEMPERATURE = 4096, 0.7


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")

    model_id: str = Field(max_length=200)


async def load_preferences(request: ApiRequest) -> web.Response:
    return web.json_response(shown(await _find(request)))


async def change_preferences(request: ApiRequest) -> web.Response:
    """Only what is named changes, null takes a choice back; metadata is merged key by key, and null
    takes a key out.
    """
    body = await bodies.read(request.http, PreferencesChange)
    await _change(request, body.named())
    return web.json_response(shown(await _find(request)))


async def load_model(request: ApiRequest) -> web.Response:
    """The default model, with what it is; both null when there is none."""
    found = await _find(request)
    return web.json_response({**_default(found), "model": await _about(request, found)})


async def change_model(request: ApiRequest) -> web.Response:
    """404 for a model there is not."""
    body = await bodies.read(request.http, _Model)
    if await service.find_model(request.pool, body.model_id) is None:
        raise ModelNotFound(param="model_id")
    await _change(request, {"default_model_id": body.model_id})
    return web.json_response(_default(await _find(request)))


async def _find(request: ApiRequest) -> Preferences:
    return await store.find(request.pool, request.user.id)


async def _change(request: ApiRequest, changed: dict[str, Any]) -> None:
    await service.change(request.pool, request.redis, request.user.id, changed)


async def _about(request: ApiRequest, found: Preferences) -> dict[str, Any] | None:
    model = await service.find_model(request.pool, found.default_model_id)
    if model is None:
        return None
    return {"id": model.id, "name": model.name, "capabilities": model.capabilities}


def _default(found: Preferences) -> dict[str, Any]:
    updated = rfc3339(found.updated_at) if found.updated_at else None
    return {"default_model_id": found.default_model_id, "updated_at": updated}


def shown(found: Preferences) -> dict[str, Any]:
    """As every answer tells them."""
    return {
        **_default(found),
        "enable_streaming": found.enable_streaming is not False,
        "max_tokens": found.max_tokens or _TOKENS,
        "temperature": _TEMPERATURE if found.temperature is None else float(found.temperature),
        "preferences_metadata": found.metadata,
    }
