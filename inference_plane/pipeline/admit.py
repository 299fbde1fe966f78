"""May it start: limits and credits, decided and held by one script call.

Fails closed: while Redis is away nothing is spent, and the caller is told to come back.
"""

import asyncio
import math
import time

from inference_plane.core.transitions import Stage
from inference_plane.runtime.exchange import Exchange, given
from inference_plane.runtime.plane import Plane
from inference_plane.runtime.settlement.usage_event import hold_event
from shared.calls import LedgerAway
from shared.credits import public
from shared.errors import (
    AccountSuspended,
    Conflict,
    InsufficientCredits,
    ModelAccessRestricted,
    RateLimitExceeded,
    Refusal,
    ServiceUnavailable,
)
from shared.failpoints import reach
from shared.ledger import Reservation, ReserveRequest, Window

HOLD_TTL_MS = 60_000
"""A hold whose replica dies before the first heartbeat returns whole after this."""


async def admit(exchange: Exchange, plane: Plane) -> None:
    """Raises the first refusal that applies, in the order that reserve.lua names."""
    exchange.ask = _ask(exchange)
    reach("replica before reserve")
    try:
        reservation = await _reserve(exchange.ask, plane)
    except asyncio.CancelledError:
        plane.settler.give_up(exchange)
        raise
    exchange.reservation = reservation
    if reservation.outcome not in ("held", "repeated"):
        raise _refusal(exchange, reservation, plane)
    exchange.advance(Stage.ADMITTED)
    meter = given(exchange.meter)
    meter.held = reservation.number
    affordable = meter.affordable_output(reservation.avail + reservation.number)
    asked = exchange.request.output_asked
    per_choice = max(1, affordable // exchange.request.choices)
    if per_choice < (asked or meter.cap // exchange.request.choices):
        exchange.output_limit = per_choice


def _ask(exchange: Exchange) -> ReserveRequest:
    meter, model = given(exchange.meter), given(exchange.model)
    principal = given(exchange.principal)
    return ReserveRequest(
        account=principal.account,
        request_id=exchange.id,
        fingerprint=exchange.id,
        target=meter.first_want(),
        min_hold=meter.least(),
        tokens=meter.tokens_wanted(),
        rank=model.rank,
        ttl_ms=HOLD_TTL_MS,
        event=hold_event(exchange),
        api_key=principal.api_key,
        cap=principal.cap,
    )


async def _reserve(ask: ReserveRequest, plane: Plane) -> Reservation:
    """A cold account is loaded and asked for once more."""
    try:
        reservation = await plane.ledger.reserve(ask)
        if reservation.outcome == "cold":
            await plane.loader.load(ask.account)
            reservation = await plane.ledger.reserve(ask)
    except LedgerAway as error:
        raise ServiceUnavailable from error
    if reservation.outcome == "cold":
        raise ServiceUnavailable
    return reservation


def _refusal(exchange: Exchange, reservation: Reservation, plane: Plane) -> Refusal:
    outcome, model = reservation.outcome, given(exchange.model)
    if outcome == "conflict":
        return Conflict("This request id is taken by another request.")
    if outcome == "suspended":
        return AccountSuspended()
    if outcome == "model_locked":
        upgrade_url = plane.settings.links.pricing()
        details = {"required_tier": model.required_tier, "upgrade_url": upgrade_url}
        return ModelAccessRestricted(
            f"`{model.id}` needs the {model.required_tier} plan.", param="model", details=details
        )
    if outcome in ("insufficient_credits", "key_cap"):
        return _too_poor(exchange, reservation, plane)
    return _limited(reservation)


def _too_poor(exchange: Exchange, reservation: Reservation, plane: Plane) -> Refusal:
    increment, capped = plane.settings.credit_increment, reservation.outcome == "key_cap"
    return InsufficientCredits(
        "This API key's own credit cap is reached." if capped else None,
        details={
            "limit": "api_key" if capped else "balance",
            "required_credits": public(given(exchange.meter).least(), increment),
            "available_credits": public(max(0, reservation.number), increment),
            "top_up_url": plane.settings.top_up(),
        },
    )


_SAID = {
    "requests_per_minute": "Too many requests this minute.",
    "tokens_per_minute": "Too many tokens this minute.",
    "credits_per_day": "Today's credits are used up.",
    "concurrent_requests": "Too many requests at once.",
}


def _limited(reservation: Reservation) -> Refusal:
    window = _window(reservation)
    wait_ms = 1_000 if reservation.outcome == "concurrent_requests" else reservation.number
    headers = {"Retry-After": str(max(1, math.ceil(wait_ms / 1000)))}
    if window:
        reset_s = math.ceil(time.time() + window.reset_ms / 1000)
        headers |= {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(window.left),
            "X-RateLimit-Reset": str(reset_s),
        }
    return RateLimitExceeded(
        _SAID[reservation.outcome], details={"limit": reservation.outcome}, headers=headers
    )


def _window(reservation: Reservation) -> Window | None:
    return {
        "requests_per_minute": reservation.requests,
        "tokens_per_minute": reservation.tokens,
        "credits_per_day": reservation.credits_today,
    }.get(reservation.outcome)
