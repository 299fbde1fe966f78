"""Book what it cost, and wait for the ledger's word: the last frame tells it to the caller."""

import asyncio

from inference_plane.runtime.exchange import Exchange
from inference_plane.runtime.plane import Plane

PATIENCE_S = 5.0
"""So long a caller waits for the ledger's word; the booking itself takes as long as it takes."""


async def settle(exchange: Exchange, plane: Plane) -> None:
    """Past the caller's patience the last frame tells the charge but no balance."""
    try:
        await asyncio.wait_for(plane.settler.finish(exchange), PATIENCE_S)
    except TimeoutError:
        return
