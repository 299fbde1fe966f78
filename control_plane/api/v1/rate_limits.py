"""GET /v1/rate-limit: what is left of each rate limit now."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from control_plane.api.request import ApiRequest
from control_plane.catalogue import service as catalogue
from control_plane.kit.clock import rfc3339
from control_plane.ledger import rate_limits
from shared.credits import public as credit_number


async def load_limits(request: ApiRequest) -> web.Response:
    """`limit` and `remaining` are null where the tier has no limit."""
    tiers = await catalogue.list_tiers(request.pool)
    tier = next(tier for tier in tiers if tier.id == request.user.tier)
    used = await rate_limits.load_used(request.redis, request.user.id)
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
