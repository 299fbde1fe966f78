"""Which routes can express what is asked, and what the answer is written with.

Before anything is held: a request that no provider of its model can express costs nothing.
"""

from inference_plane.core.prompt import Inexpressible
from inference_plane.providers.table import PROVIDERS
from inference_plane.runtime.exchange import Exchange
from inference_plane.runtime.plane import Plane
from inference_plane.surfaces import reading
from shared.catalogue import Route
from shared.errors import InvalidRequest


async def translate(exchange: Exchange, plane: Plane) -> None:
    """Raises InvalidRequest that names the field no route has a counterpart for."""
    able, fault = [], None
    for route in exchange.routes:
        try:
            _check(exchange, route, plane)
        except Inexpressible as error:
            fault = fault or reading.lost(exchange.surface.field_name(error.field), error.why)
        except InvalidRequest as error:
            fault = fault or error
        else:
            able.append(route)
    if fault is not None and not able:
        raise fault
    exchange.routes, exchange.route = able, able[0]
    exchange.envelope = exchange.surface.envelope(exchange.request)


def _check(exchange: Exchange, route: Route, plane: Plane) -> None:
    if plane.upstreams.speaks(route, exchange.request.dialect):
        return
    if exchange.prompt is None:
        exchange.prompt = exchange.request.read()
    PROVIDERS[route.provider].encode(exchange.prompt, route, None)
