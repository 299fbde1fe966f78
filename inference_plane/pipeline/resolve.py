"""Which model, at what price, by which route: from the catalogue as it stands."""

from inference_plane.core import meter
from inference_plane.pipeline.exchange import Exchange
from inference_plane.pipeline.plane import Plane
from shared.catalogue import Model, Route
from shared.errors import InvalidRequest, ModelNotFound, ServiceUnavailable


async def resolve(exchange: Exchange, plane: Plane) -> None:
    """Raises ModelNotFound, or ServiceUnavailable while no catalogue has been read."""
    request = exchange.request
    if not plane.directory.models:
        raise ServiceUnavailable
    model = plane.directory.models.get(request.model_id)
    if model is None or not model.available:
        raise ModelNotFound(f"There is no model `{request.model_id}`.", param="model")
    _check_prompt(model, request.prompt_tokens)
    exchange.model = model
    exchange.route = _route(model, plane)
    exchange.meter = meter.Meter(
        price=meter.price_of(model),
        increment=plane.settings.credit_increment,
        prompt_tokens=request.prompt_tokens,
        cap=meter.output_cap(request.output_asked, model, request.choices),
    )


def _check_prompt(model: Model, prompt_tokens: int) -> None:
    """Our count is an estimate, so only what is far too long is refused here."""
    if model.context_length and prompt_tokens > 2 * model.context_length:
        raise InvalidRequest(
            f"The prompt is too long: `{model.id}` reads {model.context_length} tokens.",
            param="messages",
        )


def _route(model: Model, plane: Plane) -> Route:
    """The first route whose provider has a key here."""
    for route in model.routes:
        if route.provider in plane.keys:
            return route
    raise ServiceUnavailable(f"No provider of `{model.id}` is configured here.")
