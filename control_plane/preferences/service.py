"""What a user prefers must fit the catalogue, whether a program or a page changes it."""

import dataclasses
import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator
from redis.asyncio import Redis
from redis.exceptions import RedisError

from control_plane.catalogue import service as catalogue
from control_plane.catalogue.records import Model
from control_plane.kit.database import Connection, Pool, transaction
from control_plane.preferences import store
from control_plane.preferences.store import Preferences
from shared.errors import ValidationFailed

TOKENS_MAX = 1_000_000
_METADATA_BYTES_MAX = 16 * 1024


class PreferencesChange(BaseModel):
    """Only what is named changes; null takes a choice back."""

    model_config = ConfigDict(extra="forbid")

    default_model_id: str | None = Field(None, max_length=200)
    enable_streaming: bool | None = None
    max_tokens: int | None = Field(None, ge=1, le=TOKENS_MAX)
    temperature: Decimal | None = Field(None, ge=0, le=2, decimal_places=2)
    preferences_metadata: dict[str, Any] = {}

    @field_validator("preferences_metadata")
    @classmethod
    def small(cls, value: dict[str, Any]) -> dict[str, Any]:
        text = json.dumps(value)
        if len(text.encode()) > _METADATA_BYTES_MAX or "\\u0000" in text:
            raise ValueError("must be at most 16 KiB of JSON text")
        return value

    def named(self) -> dict[str, Any]:
        """What is to change, and to what."""
        return {name: getattr(self, name) for name in self.model_fields_set}


async def change(pool: Pool, redis: Redis, user_id: str, changed: dict[str, Any]) -> None:
    """Metadata is merged key by key, and null takes a key out. Raises ValidationFailed."""
    metadata = changed.get("preferences_metadata", {})
    chosen = {name: each for name, each in changed.items() if name != "preferences_metadata"}
    async with transaction(pool) as connection:
        before = await store.lock(connection, user_id)
        merged = {**before.metadata, **metadata}
        merged = {name: value for name, value in merged.items() if value is not None}
        wanted = dataclasses.replace(before, **chosen, metadata=merged)
        await _check(connection, wanted)
        await store.save(connection, user_id, wanted)
        with suppress(RedisError):  # the publisher brings it later
            await store.publish(redis, user_id, wanted)


async def find_model(source: Connection | Pool, model_id: str | None) -> Model | None:
    """None for no name, and for a name no model has."""
    if not model_id:
        return None
    models = await catalogue.list_models(source)
    return next((model for model in models if model.id == model_id), None)


async def _check(source: Connection | Pool, wanted: Preferences) -> None:
    """Raises ValidationFailed with every field that does not fit the catalogue."""
    fields = []
    model = await find_model(source, wanted.default_model_id)
    if wanted.default_model_id and model is None:
        fields.append({"field": "default_model_id", "message": "must be a model there is"})
    if model and 0 < model.max_output_tokens < (wanted.max_tokens or 0):
        message = f"must be at most {model.max_output_tokens}, the limit of {model.id}"
        fields.append({"field": "max_tokens", "message": message})
    if len(json.dumps(wanted.metadata).encode()) > _METADATA_BYTES_MAX:
        fields.append({"field": "preferences_metadata", "message": "must be at most 16 KiB"})
    if fields:
        raise ValidationFailed(details={"fields": fields})
