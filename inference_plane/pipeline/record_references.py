"""Record what the provider keeps of this answer, before the caller learns that it is complete."""

import time

from inference_plane.core import events
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require


async def record_references(exchange: Exchange, runtime: Runtime) -> None:
    """Does nothing for the usual answer, of which nothing is kept."""
    if not exchange.kept:
        return
    seconds = {each.id: kept for each in exchange.kept if (kept := _seconds(each)) > 0}
    account = require(exchange.principal).account
    model = exchange.request.model_id
    await runtime.provider_ids.record(account, seconds, exchange.provider_key, model)


def _seconds(kept: events.Kept) -> int:
    return kept.for_s or kept.until_s - int(time.time())
