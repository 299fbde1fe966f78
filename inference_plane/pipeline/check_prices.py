"""Check that everything the request asks for has a price.

A vendor bills some options apart: service tiers, regions, hosted tools, audio, pictures, a longer
life in the cache. A route where one of them would be sold without a price is left out, and if none
remains, the request is refused by the caller's own field, before anything is held.
"""

from inference_plane.core import options
from inference_plane.core.options import Option
from inference_plane.core.prompt import Prompt
from inference_plane.providers.table import PROVIDERS
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from shared.catalogue import Route
from shared.errors import InvalidRequest


async def check_prices(exchange: Exchange, runtime: Runtime) -> None:
    """Raises InvalidRequest that names the field without a price."""
    meter = require(exchange.meter)
    able: list[Route] = []
    missing: Option | None = None
    expected: list[Option] = []
    own = _own(exchange)
    for route in exchange.routes:
        speaks = runtime.upstream_pool.speaks(route, exchange.request.dialect)
        of_route = own if speaks else _translated(exchange, route)
        unpriced = options.first_unpriced(of_route, meter.prices)
        if unpriced is None:
            able.append(route)
            expected = of_route if len(of_route) > len(expected) else expected
        missing = missing or unpriced
    if missing is not None and not able:
        raise _refusal(missing, exchange)
    exchange.routes, exchange.route = able, able[0]
    meter.expect(expected)


def _own(exchange: Exchange) -> list[Option]:
    return exchange.surface.options(exchange.request.fields)


def _translated(exchange: Exchange, route: Route) -> list[Option]:
    """There is no prompt where a request is not about words."""
    if exchange.prompt is None:
        return []
    found = options.of_prompt(exchange.prompt, exchange.surface.field_name("messages"))
    return found + (_cached(exchange.prompt) if PROVIDERS[route.provider].marks_caches else [])


def _cached(prompt: Prompt) -> list[Option]:
    """For a provider that is told what to cache; others never see the marks."""
    return options.of_caches(prompt, "cache_control.ttl")


def _refusal(missing: Option, exchange: Exchange) -> InvalidRequest:
    model = require(exchange.model)
    of_what = f" for `{missing.names[0]}`" if missing.names else " for it"
    return InvalidRequest(
        f"`{missing.field}` is not available: `{model.id}` has no price{of_what}.",
        param=missing.field,
    )
