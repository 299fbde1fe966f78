"""/v1/users/me/preferences: defaults for requests that do not specify a value.

A preference that is not set is shown with a typical default, but is not added to requests.
"""

from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from control_plane.api import bodies
from control_plane.api.request import ApiRequest
from control_plane.kit.clock import rfc3339
from control_plane.preferences import service, store
from control_plane.preferences.service import PreferencesInput
from control_plane.preferences.store import Preferences
from shared.errors import ModelNotFound

_DEFAULT_MAX_TOKENS, _DEFAULT_TEMPERATURE = 4096, 0.7


class _ModelInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    model_id: str = Field(max_length=200)


async def load_preferences(request: ApiRequest) -> web.Response:
    return web.json_response(to_json(await _find(request)))


async def change_preferences(request: ApiRequest) -> web.Response:
    """Only the fields that are present change; null clears one. Metadata is merged key by key."""
    body = await bodies.read(request.http, PreferencesInput)
    await _change(request, body.values())
    return web.json_response(to_json(await _find(request)))


async def load_model(request: ApiRequest) -> web.Response:
    """The default model and its details; both null when none is set."""
    preferences = await _find(request)
    return web.json_response(
        {**_default(preferences), "model": await _model_json(request, preferences)}
    )


async def change_model(request: ApiRequest) -> web.Response:
    """Set the default model. Raises ModelNotFound for an unknown one."""
    body = await bodies.read(request.http, _ModelInput)
    if await service.find_model(request.pool, body.model_id) is None:
        raise ModelNotFound(param="model_id")
    await _change(request, {"default_model_id": body.model_id})
    return web.json_response(_default(await _find(request)))


async def _find(request: ApiRequest) -> Preferences:
    return await store.find(request.pool, request.user.id)


async def _change(request: ApiRequest, changed: dict[str, Any]) -> None:
    await service.change(request.pool, request.redis, request.user.id, changed)


async def _model_json(request: ApiRequest, preferences: Preferences) -> dict[str, Any] | None:
    model = await service.find_model(request.pool, preferences.default_model_id)
    if model is None:
        return None
    return {"id": model.id, "name": model.name, "capabilities": model.capabilities}


def _default(preferences: Preferences) -> dict[str, Any]:
    updated = rfc3339(preferences.updated_at) if preferences.updated_at else None
    return {"default_model_id": preferences.default_model_id, "updated_at": updated}


def to_json(preferences: Preferences) -> dict[str, Any]:
    """Preferences as every response shows them."""
    return {
        **_default(preferences),
        "enable_streaming": preferences.enable_streaming is not False,
        "max_tokens": preferences.max_tokens or _DEFAULT_MAX_TOKENS,
        "temperature": _DEFAULT_TEMPERATURE
        if preferences.temperature is None
        else float(preferences.temperature),
        "preferences_metadata": preferences.metadata,
    }
