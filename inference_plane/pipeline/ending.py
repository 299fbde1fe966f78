"""However a request ends: its upstream is let go, and what it held is settled or released."""

from inference_plane.core.transitions import HOLDING
from inference_plane.runtime.exchange import Exchange
from inference_plane.runtime.plane import Plane


async def end(exchange: Exchange, plane: Plane) -> None:
    """Once or more often: only the first time does anything."""
    plane.heartbeat.forget(exchange)
    if exchange.incoming is not None:
        exchange.incoming.close()
    if exchange.stage in HOLDING:
        await plane.settler.finish(exchange)
