"""GET /v1/models and /v1/models/{id}, in a format that OpenAI's and Anthropic's SDKs both parse."""

from typing import Any

from aiohttp import web

from control_plane.api.query import Query
from control_plane.api.request import ApiRequest
from control_plane.api.v1 import gemini_models, prices
from control_plane.catalogue import service as catalogue
from control_plane.catalogue.records import Model
from control_plane.kit.clock import rfc3339
from shared.credits import public as credit_number
from shared.error_formats import GOOGLE_KEY
from shared.errors import ModelNotFound


async def list_models(request: ApiRequest) -> web.Response:
    """All models; `access_status` says whether the caller's tier may use each."""
    query = Query(request.http.query)
    available = query.choice("available", ("true", "false"))
    capabilities, provider = set(query.words("capability")), query.text("provider")
    query.check()
    rank = await _rank(request)
    if GOOGLE_KEY in request.http.headers:
        return await gemini_models.list_models(request)
    models = [
        _model(model, rank)
        for model in await catalogue.list_models(request.pool)
        if (available is None or model.available == (available == "true"))
        and capabilities <= set(model.capabilities)
        and provider in {None, model.provider}
    ]
    return web.json_response(
        {
            "object": "list",
            "data": models,
            "models": models,
            "total": len(models),
            "has_more": False,
            "first_id": models[0]["id"] if models else None,
            "last_id": models[-1]["id"] if models else None,
            "user_tier": request.user.tier,
        }
    )


async def load_model(request: ApiRequest) -> web.Response:
    """One model with its prices, and an upgrade link when the tier may not use it.

    Raises ModelNotFound.
    """
    if GOOGLE_KEY in request.http.headers:
        return await gemini_models.load_model(request)
    pool, model_id = request.pool, request.http.match_info["id"]
    if "\0" in model_id:
        raise ModelNotFound
    model = await catalogue.load_model(pool, model_id)
    rank = await _rank(request)
    return web.json_response({**_model(model, rank), **_detail(model, rank, request)})


async def _rank(request: ApiRequest) -> int:
    tiers = await catalogue.list_tiers(request.pool)
    return next(tier.rank for tier in tiers if tier.id == request.user.tier)


def _model(model: Model, rank: int) -> dict[str, Any]:
    return {
        "id": model.id,
        "object": "model",
        "type": "model",
        "created": int(model.created_at.timestamp()),
        "created_at": rfc3339(model.created_at),
        "owned_by": model.owned_by,
        "name": model.name,
        "display_name": model.name,
        "provider": model.provider,
        "description": model.description,
        "capabilities": model.capabilities,
        "context_length": model.context_length,
        "max_output_tokens": model.max_output_tokens or None,
        "credits_per_1k_tokens": credit_number(model.per_1k_tokens_micro),
        "is_available": model.available,
        "is_deprecated": model.deprecated,
        "aliases": model.aliases,
        "version": model.version,
        "required_tier": model.required_tier,
        "access_status": "allowed" if rank >= model.rank else "upgrade_required",
        "deprecation": _deprecation(model),
    }


def _long(model: Model) -> dict[str, Any] | None:
    """Prices of requests with a long prompt; they apply to the whole request."""
    if not model.long_from_tokens:
        return None
    return {
        "from_tokens": model.long_from_tokens,
        "input": credit_number(model.long_input_micro),
        "cache_read": credit_number(model.long_cache_read_micro),
        "cache_write": credit_number(model.long_cache_write_micro),
        "output": credit_number(model.long_output_micro),
    }


def _deprecation(model: Model) -> dict[str, Any] | None:
    if not model.deprecated:
        return None
    sunset = rfc3339(model.sunset_at) if model.sunset_at else None
    return {"sunset_at": sunset, "replacement_id": model.replacement_id}


def _detail(model: Model, rank: int, request: ApiRequest) -> dict[str, Any]:
    standard = {
        "input": model.input_micro,
        "cache_read": model.cache_read_micro,
        "cache_write": model.cache_write_micro,
        "output": model.output_micro,
    }
    upgrade = {
        "required_tier": model.required_tier,
        "upgrade_url": request.context.settings.links.pricing(),
    }
    return {
        "input_cost_per_million_tokens": model.input_cost_per_million_tokens,
        "output_cost_per_million_tokens": model.output_cost_per_million_tokens,
        "prices": {
            "id": model.price_id,
            "unit": "credits_per_million_tokens",
            **{kind: credit_number(amount) for kind, amount in standard.items()},
            "long_prompt": _long(model),
            "service_tiers": prices.service_tiers(model),
            "token_kinds": prices.token_kinds(model),
            "per_1k_uses": {use: credit_number(fee) for use, fee in model.extras.fees.items()},
            "region_percent": dict(model.extras.factors),
        },
        "updated_at": rfc3339(model.updated_at),
        "upgrade": upgrade if rank < model.rank else None,
    }
