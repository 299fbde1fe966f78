"""/v1/users/me/preferences: what is used where a request leaves it open, as models allow.

What was not chosen is shown as the default it would start from, and is put into no request.
"""

import dataclasses
import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, field_validator
from redis.exceptions import RedisError

from control_plane.api import bodies
from control_plane.api.call import Call
from control_plane.catalogue import service as catalogue
from control_plane.catalogue.records import Model
from control_plane.kit.clock import rfc3339
from control_plane.kit.database import transaction
from control_plane.users import preferences
from control_plane.users.preferences import Preferences
from shared.errors import ModelNotFound, ValidationFailed

_METADATA_BYTES_MAX = 16 * 1024
_TOKENS_MAX = 1_000_000
_TOKENS, _TEMPERATURE = 4096, 0.7


class _Change(BaseModel):
    model_config = ConfigDict(extra="forbid")

    default_model_id: str | None = Field(None, max_length=200)
    enable_streaming: bool | None = None
    max_tokens: int | None = Field(None, ge=1, le=_TOKENS_MAX)
    temperature: Decimal | None = Field(None, ge=0, le=2, decimal_places=2)
    preferences_metadata: dict[str, Any] = {}

    @field_validator("preferences_metadata")
    @classmethod
    def small(cls, value: dict[str, Any]) -> dict[str, Any]:
        text = json.dumps(value)
        if len(text.encode()) > _METADATA_BYTES_MAX or "\\u0000" in text:
            raise ValueError("must be at most 16 KiB of JSON text")
        return value


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")

    model_id: str = Field(max_length=200)


async def load_preferences(call: Call) -> web.Response:
    return web.json_response(shown(await _find(call)))


async def change_preferences(call: Call) -> web.Response:
    """Only what is named changes, null takes a choice back; metadata is merged key by key, and null
    takes a key out.
    """
    body = await bodies.read(call.request, _Change)
    changed = {name: getattr(body, name) for name in body.model_fields_set}
    await _save(call, changed)
    return web.json_response(shown(await _find(call)))


async def load_model(call: Call) -> web.Response:
    """The default model, with what it is; both null when there is none."""
    found = await _find(call)
    return web.json_response({**_default(found), "model": await _about(call, found)})


async def change_model(call: Call) -> web.Response:
    """404 for a model there is not."""
    body = await bodies.read(call.request, _Model)
    if await _find_model(call, body.model_id) is None:
        raise ModelNotFound(param="model_id")
    await _save(call, {"default_model_id": body.model_id})
    return web.json_response(_default(await _find(call)))


async def _find(call: Call) -> Preferences:
    return await preferences.find(call.plane.connections.pool, call.user.id)


async def _find_model(call: Call, model_id: str | None) -> Model | None:
    if not model_id:
        return None
    models = await catalogue.list_models(call.plane.connections.pool)
    return next((model for model in models if model.id == model_id), None)


async def _save(call: Call, changed: dict[str, Any]) -> None:
    async with transaction(call.plane.connections.pool) as connection:
        before = await preferences.lock(connection, call.user.id)
        merged = {**before.metadata, **changed.pop("preferences_metadata", {})}
        merged = {name: value for name, value in merged.items() if value is not None}
        wanted = dataclasses.replace(before, **changed, metadata=merged)
        await _check(call, wanted)
        await preferences.save(connection, call.user.id, wanted)
        with suppress(RedisError):  # the publisher brings it later
            await preferences.publish(call.plane.connections.redis, call.user.id, wanted)


async def _check(call: Call, wanted: Preferences) -> None:
    """Raises ValidationFailed with every field that does not fit the catalogue."""
    fields = []
    model = await _find_model(call, wanted.default_model_id)
    if wanted.default_model_id and model is None:
        fields.append({"field": "default_model_id", "message": "must be a model there is"})
    if model and 0 < model.max_output_tokens < (wanted.max_tokens or 0):
        message = f"must be at most {model.max_output_tokens}, the limit of {model.id}"
        fields.append({"field": "max_tokens", "message": message})
    if len(json.dumps(wanted.metadata).encode()) > _METADATA_BYTES_MAX:
        fields.append({"field": "preferences_metadata", "message": "must be at most 16 KiB"})
    if fields:
        raise ValidationFailed(details={"fields": fields})


async def _about(call: Call, found: Preferences) -> dict[str, Any] | None:
    model = await _find_model(call, found.default_model_id)
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
