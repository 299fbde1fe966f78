"""GET /v1/rate-limit: what is left of each limit, live and not as the plan has it."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from control_plane.api.call import Call
from control_plane.catalogue import service as catalogue
from control_plane.credits import limits
from control_plane.kit.clock import rfc3339
from shared.credits import public as credit_number


async def load_limits(call: Call) -> web.Response:
    """A limit there is not is null, and so is what is left of it."""
    connections = call.plane.connections
    tiers = await catalogue.list_tiers(connections.pool)
    tier = next(tier for tier in tiers if tier.id == call.user.tier)
    used = await limits.load_used(connections.redis, call.user.id)
    credits_per_day = _limit(tier.credits_per_day_micro, used.credits_micro, used.day_ends_ms)
    for name in ("limit", "remaining"):
        if credits_per_day[name] is not None:
            credits_per_day[name] = credit_number(credits_per_day[name])
    return web.json_response(
        {
            "tier": tier.id,
            "requests_per_minute": _limit(
                tier.requests_per_minute, used.requests, used.minute_ends_ms
            ),
            "tokens_per_minute": _limit(tier.tokens_per_minute, used.tokens, used.minute_ends_ms),
            "credits_per_day": credits_per_day,
        }
    )


def _limit(limit: int | None, used: int, ends_ms: int) -> dict[str, Any]:
    return {
        "limit": limit,
        "remaining": None if limit is None else max(0, limit - used),
        "reset_at": rfc3339(datetime.fromtimestamp(ends_ms // 1000, UTC)),
    }
