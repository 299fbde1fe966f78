"""Read the request: its headers are checked, then its body is received and decoded.

This comes after the caller is known: what a stranger sends is never received whole, nor parsed.
"""

from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange


async def read(exchange: Exchange, runtime: Runtime) -> None:
    """Raises UnsupportedMediaType, ExpectationFailed, PayloadTooLarge or InvalidRequest."""
    incoming, surface = exchange.incoming, exchange.surface
    incoming.check(surface.methods)
    address = surface.address(incoming.path, incoming.query, incoming.headers)
    body = await incoming.body(runtime.settings.body_bytes_max)
    exchange.request = surface.decode(body, address)
    exchange.idempotency = incoming.idempotency(body)
