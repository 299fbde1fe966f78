"""GET /v1/credits/me and /api/user/credits: the caller's current balance."""

from datetime import datetime
from typing import Any

from aiohttp import web

from control_plane.api.request import ApiRequest
from control_plane.billing import subscriptions as billing
from control_plane.kit import clock
from control_plane.kit.clock import rfc3339
from control_plane.ledger import balance
from control_plane.ledger.records import Balance, Kind, Lot, Portion
from shared.credits import MICRO
from shared.credits import public as credit_number


async def load_credits(request: ApiRequest) -> web.Response:
    """The balance, with what is held for requests in flight shown separately."""
    balance, (start, end) = await _load(request), await _period(request)
    return web.json_response(
        {
            "id": balance.account,
            "user_id": request.user.id,
            **_sums(balance),
            "billing_period_start": rfc3339(start),
            "billing_period_end": rfc3339(end),
            "usage_percentage": _percentage(balance),
            **_portions(balance, end),
            "lots": [_lot(lot) for lot in balance.lots],
        }
    )


async def load_view(request: ApiRequest) -> web.Response:
    """The same figures grouped by kind, for the desktop app."""
    balance, (_, end) = await _load(request), await _period(request)
    lots = [_lot(lot) for lot in balance.lots]
    return web.json_response({**_portions(balance, end), **_sums(balance), "lots": lots})


async def _load(request: ApiRequest) -> Balance:
    return await balance.load(request.pool, request.redis, request.user.id)


def _sums(balance: Balance) -> dict[str, Any]:
    return {
        "total_credits": credit_number(balance.total),
        "used_credits": credit_number(balance.used),
        "remaining_credits": credit_number(balance.remaining),
        "held_credits": credit_number(balance.held),
        "debt_credits": credit_number(balance.debt),
    }


def _portions(balance: Balance, period_end: datetime) -> dict[str, Any]:
    """Free and subscription credits renew with each period; purchased ones do not."""
    return {
        f"{portion.kind}_credits": {
            "total": credit_number(portion.total),
            "used": credit_number(portion.used),
            "held": credit_number(portion.held),
            "remaining": credit_number(portion.remaining),
            "resets_at": _resets_at(portion, period_end),
            "expires_at": rfc3339(portion.ends_at) if portion.ends_at else None,
        }
        for portion in balance.portions()
    }


def _resets_at(portion: Portion, period_end: datetime) -> str | None:
    renews = portion.kind is not Kind.PURCHASED and portion.total
    return rfc3339(period_end) if renews else None


async def _period(request: ApiRequest) -> tuple[datetime, datetime]:
    """The subscription's billing period, or the calendar month without a subscription."""
    subscription = await billing.find_subscription(request.pool, request.user.id)
    if subscription:
        return subscription.current_period_start, subscription.current_period_end
    start = clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year, month = divmod(start.year * 12 + start.month, 12)
    return start, start.replace(year=year, month=month + 1)


def _percentage(balance: Balance) -> Any:
    """Two decimals, rounded down, so that 100 means nothing is left."""
    hundredths = balance.used * 10_000 // balance.total if balance.total else 0
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
