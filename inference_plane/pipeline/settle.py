"""Settle the request, and wait for the ledger's answer: the last frame reports the cost."""

import asyncio

from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange

WAIT_S = 5.0
"""How long a caller waits for the ledger's answer; the settlement is retried until it is done."""


async def settle(exchange: Exchange, runtime: Runtime) -> None:
    """If the wait times out, the last frame reports the charge but no balance."""
    try:
        await asyncio.wait_for(runtime.settler.settle(exchange), WAIT_S)
    except TimeoutError:
        return
