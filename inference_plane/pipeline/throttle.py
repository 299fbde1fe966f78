"""Limit the requests that cost nothing: counts and estimates, in a window of their own."""

from inference_plane.pipeline.rate_limited import rate_limited
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from shared.errors import AccountSuspended
from shared.ledger_records import Window


async def throttle(exchange: Exchange, runtime: Runtime) -> None:
    """Raises RateLimitExceeded or AccountSuspended; ServiceUnavailable if Redis is away."""
    limit = runtime.settings.counts_per_minute
    counted = await runtime.counts.count(require(exchange.principal).account, limit)
    if counted.outcome == "suspended":
        raise AccountSuspended
    if counted.outcome != "counted":
        window = Window(limit, counted.left, counted.reset_ms)
        raise rate_limited(counted.outcome, counted.wait_ms, window)
