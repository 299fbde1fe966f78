"""Changes of preferences, validated against the model catalogue."""

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


class PreferencesInput(BaseModel):
    """Only the fields that are present change; null clears a field."""

    model_config = ConfigDict(extra="forbid")

    default_model_id: str | None = Field(None, max_length=200)
    enable_streaming: bool | None = None
    max_tokens: int | None = Field(None, ge=1, le=TOKENS_MAX)
    temperature: Decimal | None = Field(None, ge=0, le=2, decimal_places=2)
    preferences_metadata: dict[str, Any] = {}

    @field_validator("preferences_metadata")
    @classmethod
    def limit_size(cls, value: dict[str, Any]) -> dict[str, Any]:
        """The metadata. Raises ValueError above 16 KiB of JSON text, or for text with NUL."""
        text = json.dumps(value)
        if len(text.encode()) > _METADATA_BYTES_MAX or "\\u0000" in text:
            raise ValueError("must be at most 16 KiB of JSON text")
        return value

    def values(self) -> dict[str, Any]:
        """The fields that are present, with their new values."""
        return {name: getattr(self, name) for name in self.model_fields_set}


async def change(pool: Pool, redis: Redis, user_id: str, changed: dict[str, Any]) -> None:
    """Save and publish the changed fields. Raises ValidationFailed.

    Metadata is merged key by key; null removes a key.
    """
    metadata = changed.get("preferences_metadata", {})
    scalars = {name: each for name, each in changed.items() if name != "preferences_metadata"}
    async with transaction(pool) as connection:
        before = await store.lock(connection, user_id)
        merged = {**before.metadata, **metadata}
        merged = {name: value for name, value in merged.items() if value is not None}
        updated = dataclasses.replace(before, **scalars, metadata=merged)
        await _check(connection, updated)
        await store.save(connection, user_id, updated)
        with suppress(RedisError):  # the publisher writes it later
            await store.publish(redis, user_id, updated)


async def find_model(source: Connection | Pool, model_id: str | None) -> Model | None:
    """The model with this id; None for no id and for an unknown one."""
    if model_id is None:
        return None
    models = await catalogue.list_models(source)
    return next((model for model in models if model.id == model_id), None)


async def _check(source: Connection | Pool, updated: Preferences) -> None:
    """Raises ValidationFailed with every field that the catalogue does not allow."""
    fields = []
    model = await find_model(source, updated.default_model_id)
    if updated.default_model_id is not None and model is None:
        fields.append({"field": "default_model_id", "message": "must be an existing model"})
    if model and 0 < model.max_output_tokens < (updated.max_tokens or 0):
        message = f"must be at most {model.max_output_tokens}, the limit of {model.id}"
        fields.append({"field": "max_tokens", "message": message})
    if len(json.dumps(updated.metadata).encode()) > _METADATA_BYTES_MAX:
        fields.append({"field": "preferences_metadata", "message": "must be at most 16 KiB"})
    if fields:
        raise ValidationFailed(details={"fields": fields})
