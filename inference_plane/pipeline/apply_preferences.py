"""Fill the fields that the request leaves out from its user's preferences.

A preference never makes a request fail: a value that the model does not accept, or that is longer
than it can answer, is left out or lowered.
"""

from typing import Any

from inference_plane.preferences import fields
from inference_plane.providers.table import PROVIDERS
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from shared.catalogue import Model
from shared.preferences import Preferences


async def apply_preferences(exchange: Exchange, runtime: Runtime) -> None:
    """Decodes the request anew, as if its user had written the preferences into it."""
    preferred = await runtime.preferences.find(require(exchange.principal).user_id)
    request, surface = exchange.request, exchange.surface
    values: dict[str, Any] = {}
    if preferred.model:
        values["model"] = preferred.model
    if request.address.accepts_events:
        values["stream"] = preferred.stream is not False
    model = runtime.directory.find(request.model_id or preferred.model or "")
    if model is not None:
        values |= _accepted(preferred, model)
    body = fields.fill(request.fields, surface.preference_fields, values) if values else None
    if body is not None:
        exchange.request = surface.decode(body, request.address)
        exchange.idempotency = exchange.idempotency and exchange.idempotency.with_body(body)


def _accepted(preferred: Preferences, model: Model) -> dict[str, Any]:
    """The preferences that every route of this model accepts, lowered to its limits."""
    values: dict[str, Any] = {}
    if preferred.max_tokens:
        values["max_tokens"] = min(
            preferred.max_tokens, model.max_output_tokens or preferred.max_tokens
        )
    limits = [
        PROVIDERS[route.provider].temperature_max(route.upstream_model) for route in model.routes
    ]
    limit = min(limits, default=None, key=lambda each: -1.0 if each is None else each)
    if preferred.temperature is not None and limit is not None:
        values["temperature"] = min(preferred.temperature, limit)
    return values
