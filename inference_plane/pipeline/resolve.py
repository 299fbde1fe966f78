"""Which model, at what price, by which routes: from the catalogue as it stands."""

import random
import time

from inference_plane.core import meter
from inference_plane.runtime.exchange import Exchange
from inference_plane.runtime.plane import Plane
from shared.catalogue import Model, Route
from shared.errors import InvalidRequest, ModelNotFound, ServiceUnavailable

EMBEDDING = "embedding"
_NAMELESS = "`model` must name a model, for you have chosen no default model."


async def resolve(exchange: Exchange, plane: Plane) -> None:
    """Raises ModelNotFound, or ServiceUnavailable while no catalogue has been read."""
    request = exchange.request
    if not plane.directory.models:
        raise ServiceUnavailable
    model = _find(request.model_id, plane)
    _check_purpose(model, request.operation)
    _check_prompt(model, request.prompt_tokens)
    exchange.model = model
    exchange.routes = _routes(model, plane)
    exchange.route = exchange.routes[0]
    exchange.meter = meter.Meter(
        prices=meter.prices_of(model),
        increment=plane.settings.credit_increment,
        prompt_tokens=request.prompt_tokens,
        cap=meter.output_cap(request.output_asked, model, request.choices),
    )


def _find(name: str, plane: Plane) -> Model:
    if not name:
        raise InvalidRequest(_NAMELESS, param="model")
    model = plane.directory.find(name)
    if model is None or not model.available:
        raise ModelNotFound(f"There is no model `{name}`.", param="model")
    if model.sunset_at_s and model.sunset_at_s <= time.time():
        raise _retired(model)
    return model


def _retired(model: Model) -> ModelNotFound:
    instead = f": use `{model.replacement_id}`" if model.replacement_id else ""
    return ModelNotFound(
        f"The model `{model.id}` has been retired{instead}.",
        param="model",
        details={"replacement_id": model.replacement_id or None, "sunset_at": model.sunset_at_s},
    )


def _check_purpose(model: Model, operation: str) -> None:
    embeds = EMBEDDING in model.capabilities
    if embeds != (operation == EMBEDDING):
        made = "embeddings" if embeds else "text"
        raise InvalidRequest(f"`{model.id}` makes {made}.", param="model")


def _check_prompt(model: Model, prompt_tokens: int) -> None:
    """Our count is an estimate, so only what is far too long is refused here."""
    if model.context_length and prompt_tokens > 2 * model.context_length:
        raise InvalidRequest(
            f"The prompt is too long: `{model.id}` reads {model.context_length} tokens.",
            param="messages",
        )


def _routes(model: Model, plane: Plane) -> list[Route]:
    """Those with a key here: by order, and by lot within one, heavier ones more often first."""
    able = [r for r in model.routes if plane.upstreams.serves(r)]
    if not able:
        raise ServiceUnavailable(f"No provider of `{model.id}` is configured here.")
    if len(able) == 1:
        return able
    return sorted(able, key=_draw)


def _draw(route: Route) -> tuple[int, float]:
    """Sorting by random()^(1/weight), the greatest first, draws in proportion to the weights.

    Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006.
    """
    lot: float = random.random() ** (1 / max(1, route.weight))  # noqa: S311 - no secret
    return route.order, -lot
