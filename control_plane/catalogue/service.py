"""What is offered to whom, and the snapshot of it that the inference plane reads."""

import zlib

from control_plane.catalogue import store
from control_plane.catalogue.records import Model, Tier
from control_plane.kit.database import Connection, Pool
from shared import catalogue
from shared.errors import ModelNotFound, ValidationFailed


async def list_models(source: Connection | Pool) -> list[Model]:
    """All of them; who may use which is for the reader to say."""
    return await store.list_models(source)


async def load_model(source: Connection | Pool, model_id: str) -> Model:
    """Raises ModelNotFound."""
    for model in await store.list_models(source):
        if model.id == model_id:
            return model
    raise ModelNotFound(f"There is no model {model_id!r}.", param="model")


async def list_tiers(source: Connection | Pool) -> list[Tier]:
    """By rank, the lowest first."""
    return await store.list_tiers(source)


async def check_tier(source: Connection | Pool, tier: str) -> None:
    """Raises ValidationFailed when there is no such tier."""
    known = [each.id for each in await store.list_tiers(source)]
    if tier not in known:
        message = f"must be one of {', '.join(known)}"
        raise ValidationFailed(
            f"The tier {message}.",
            param="tier",
            details={"fields": [{"field": "tier", "message": message}]},
        )


async def snapshot(source: Connection | Pool) -> catalogue.Catalogue:
    """The catalogue for the inference plane. Its version is a checksum of what it says."""
    models = {model.id: _published(model) for model in await store.list_models(source)}
    version = zlib.crc32(catalogue.encode(models))
    return catalogue.Catalogue(catalogue.FORMAT, version, models)


def _published(model: Model) -> catalogue.Model:
    return catalogue.Model(
        id=model.id,
        price_id=model.price_id,
        input_price=model.input_micro,
        cache_read_price=model.cache_read_micro,
        cache_write_price=model.cache_write_micro,
        output_price=model.output_micro,
        context_length=model.context_length,
        max_output_tokens=model.max_output_tokens,
        rank=model.rank,
        required_tier=model.required_tier,
        available=model.available,
        capabilities=tuple(model.capabilities),
        routes=tuple(catalogue.Route(*route) for route in model.routes),
    )
