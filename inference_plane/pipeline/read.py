"""Read the request: its headers are checked, then its body is received and decoded.

This comes after the caller is known: what a stranger sends is never received whole, nor parsed.
"""

from inference_plane.runtime.body_limits import BodyLimit
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require


async def read(exchange: Exchange, runtime: Runtime) -> None:
    """Raises UnsupportedMediaType, ExpectationFailed, PayloadTooLarge, RequestTooLargeForPlan or
    InvalidRequest; ServiceUnavailable if the plan of a large request cannot be looked up.
    """
    incoming, surface = exchange.incoming, exchange.surface
    incoming.check()
    address = surface.address(incoming.path, incoming.query, incoming.headers)
    most, account = runtime.settings.body_bytes_max, require(exchange.principal).account
    body = await incoming.body(BodyLimit(most, account, runtime.body_limits))
    exchange.request = surface.decode(body, address)
    exchange.idempotency = incoming.idempotency(body)
