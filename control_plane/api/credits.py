"""GET /v1/credits/me: what the caller has, as it is this moment."""

from datetime import datetime
from typing import Any

from aiohttp import web

from control_plane.api.call import Call
from control_plane.billing import service as billing
from control_plane.credits import balance
from control_plane.credits.records import Balance, Lot
from control_plane.kit import clock
from control_plane.kit.clock import rfc3339
from shared.credits import MICRO
from shared.credits import public as credit_number


async def load_credits(call: Call) -> web.Response:
    """Live figures: what is set aside for requests in flight is told apart, not hidden."""
    connections = call.plane.connections
    standing = await balance.load(connections.pool, connections.redis, call.user.id)
    start, end = await _period(call)
    return web.json_response(
        {
            "id": standing.account,
            "user_id": call.user.id,
            "total_credits": credit_number(standing.total),
            "used_credits": credit_number(standing.used),
            "remaining_credits": credit_number(standing.remaining),
            "held_credits": credit_number(standing.held),
            "billing_period_start": rfc3339(start),
            "billing_period_end": rfc3339(end),
            "usage_percentage": _percentage(standing),
            "lots": [_lot(lot) for lot in standing.lots],
        }
    )


async def _period(call: Call) -> tuple[datetime, datetime]:
    """The subscription's; the calendar month for who has none."""
    subscription = await billing.find_subscription(call.plane.connections.pool, call.user.id)
    if subscription:
        return subscription.current_period_start, subscription.current_period_end
    start = clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year, month = divmod(start.year * 12 + start.month, 12)
    return start, start.replace(year=year, month=month + 1)


def _percentage(standing: Balance) -> Any:
    """Two decimals, cut and not rounded: 100 is said only when nothing is left."""
    hundredths = standing.used * 10_000 // standing.total if standing.total else 0
    return credit_number(hundredths * MICRO // 100)


def _lot(lot: Lot) -> dict[str, Any]:
    return {
        "id": lot.id,
        "source": lot.source,
        "amount": credit_number(lot.amount),
        "remaining": credit_number(lot.remaining),
        "expires_at": rfc3339(lot.expires_at) if lot.expires_at else None,
        "created_at": rfc3339(lot.created_at),
    }
