"""Where a request leaves something open, its user's preference fills it.

Once the model is known a preference yields to it: what a model refuses, or what would be longer
than it can answer, is never asked for on somebody's behalf. So no preference makes a request fail.
"""

from typing import Any

from inference_plane.preferences import fields
from inference_plane.providers.table import PROVIDERS
from inference_plane.runtime.exchange import Exchange, given
from inference_plane.runtime.plane import Plane
from shared.catalogue import Model
from shared.preferences import Preferences


async def apply_preferences(exchange: Exchange, plane: Plane) -> None:
    """The request as if its user had written the preferences into it."""
    preferred = await plane.preferences.find(given(exchange.principal).user_id)
    request, surface = exchange.request, exchange.surface
    values: dict[str, Any] = {}
    if preferred.model:
        values["model"] = preferred.model
    if request.address.accepts_events:
        values["stream"] = preferred.stream is not False
    model = plane.directory.find(request.model_id or preferred.model or "")
    if model is not None:
        values |= _fitting(preferred, model)
    body = fields.fill(request.fields, surface.preference_fields, values) if values else None
    if body is not None:
        exchange.request = surface.decode(body, request.address)
        exchange.repeat = exchange.repeat and exchange.repeat.filled(body)


def _fitting(preferred: Preferences, model: Model) -> dict[str, Any]:
    """What of it this model takes, by whichever of its routes."""
    values: dict[str, Any] = {}
    if preferred.max_tokens:
        values["max_tokens"] = min(
            preferred.max_tokens, model.max_output_tokens or preferred.max_tokens
        )
    hottest = [PROVIDERS[route.provider].hottest(route.upstream_model) for route in model.routes]
    limit = min(hottest, default=None, key=lambda each: -1.0 if each is None else each)
    if preferred.temperature is not None and limit is not None:
        values["temperature"] = min(preferred.temperature, limit)
    return values
