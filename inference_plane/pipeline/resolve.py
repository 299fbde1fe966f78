"""Resolve the model, its prices and its routes from the catalogue."""

import random
import time

from inference_plane.core import meter
from inference_plane.core.prices import prices_of
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from shared.catalogue import Model, Route
from shared.errors import (
    ContextLengthExceeded,
    InvalidRequest,
    ModelNotFound,
    ServiceUnavailable,
)
from shared.wordings import prompt_too_long

EMBEDDING = "embedding"
_NO_MODEL = "`model` is required, because you have not chosen a default model."


async def resolve(exchange: Exchange, runtime: Runtime) -> None:
    """Raises ModelNotFound, InvalidRequest for a model that does not fit the request, or
    ServiceUnavailable while no catalogue has been read.
    """
    request = exchange.request
    if not runtime.directory.models:
        raise ServiceUnavailable
    model = await _find(exchange, runtime)
    _check_purpose(model, request.operation)
    _check_prompt(model, request.prompt_tokens, exchange.surface.field_name("messages"))
    exchange.model = model
    exchange.output_limit = _lowered_limit(model, request.max_tokens)
    exchange.routes = _routes(model, runtime)
    exchange.route = exchange.routes[0]
    exchange.meter = meter.Meter(
        prices=prices_of(model, runtime.directory.fees),
        increment=runtime.settings.credit_increment,
        prompt_tokens=request.prompt_tokens,
        cap=meter.output_cap(request.max_tokens, model, request.choices),
        context=model.context_length,
        choices=request.choices,
    )


def _lowered_limit(model: Model, requested: int | None) -> int | None:
    """The model's limit where the request asks for more: many clients do, and vendors refuse it."""
    limit = model.max_output_tokens
    return limit if limit and requested and requested > limit else None


async def _find(exchange: Exchange, runtime: Runtime) -> Model:
    name = exchange.request.model_id
    if not name:
        raise InvalidRequest(_NO_MODEL, param="model")
    model = runtime.directory.find(name)
    if model is None or not model.available:
        account = require(exchange.principal).account
        raise await runtime.model_names.not_found(name, account)
    if model.sunset_at_s and model.sunset_at_s <= time.time():
        raise _retired(model)
    return model


def _retired(model: Model) -> ModelNotFound:
    instead = f" Use `{model.replacement_id}`." if model.replacement_id else ""
    return ModelNotFound(
        f"The model `{model.id}` has been retired.{instead}",
        param="model",
        details={"replacement_id": model.replacement_id or None, "sunset_at": model.sunset_at_s},
    )


def _check_purpose(model: Model, operation: str) -> None:
    embeds = EMBEDDING in model.capabilities
    if embeds != (operation == EMBEDDING):
        where = "Use /v1/embeddings or :embedContent."
        use = f"creates embeddings. {where}" if embeds else "does not create embeddings."
        raise InvalidRequest(f"`{model.id}` {use}", param="model")


def _check_prompt(model: Model, prompt_tokens: int, field: str) -> None:
    """Our count is an estimate, so only a prompt of twice the context length is refused here."""
    if model.context_length and prompt_tokens > 2 * model.context_length:
        raise ContextLengthExceeded(
            f"The prompt is too long. `{model.id}` accepts {model.context_length} tokens.",
            param=field,
            details={"size": prompt_tokens, "limit": model.context_length},
            wordings=prompt_too_long(prompt_tokens, model.context_length),
        )


def _routes(model: Model, runtime: Runtime) -> list[Route]:
    """Those with a key here, by their `order`; within one order, at random by weight."""
    able = [r for r in model.routes if runtime.upstream_pool.serves(r)]
    if not able:
        raise ServiceUnavailable(f"No provider of `{model.id}` is configured.")
    if len(able) == 1:
        return able
    return sorted(able, key=_random_rank)


def _random_rank(route: Route) -> tuple[int, float]:
    """Sorting by random()^(1/weight), the greatest first, draws in proportion to the weights.

    Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006.
    """
    rank: float = random.random() ** (1 / max(1, route.weight))  # noqa: S311 - no secret
    return route.order, -rank
