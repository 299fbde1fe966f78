"""Admit the request: limits and credits are checked, and credits held, by one script call.

Fails closed: while Redis does not answer nothing is spent, and the caller gets a 503.
"""

import asyncio

from inference_plane.core.transitions import Stage
from inference_plane.pipeline.rate_limited import rate_limited
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from inference_plane.runtime.settlement.usage_event import event_if_lost
from shared.calls import LedgerAway
from shared.credits import public
from shared.errors import (
    AccountSuspended,
    Conflict,
    InsufficientCredits,
    ModelAccessRestricted,
    Refusal,
    ServiceUnavailable,
)
from shared.failpoints import reach
from shared.ledger_records import Reservation, ReserveRequest, Window
from shared.wordings import INSUFFICIENT_CREDITS

HOLD_TTL_MS = 60_000
"""A hold is released after this if its replica dies before the first heartbeat."""


async def admit(exchange: Exchange, runtime: Runtime) -> None:
    """Raises the first refusal that applies, in the order that reserve.lua names."""
    exchange.reserve_request = _reserve_request(exchange)
    reach("replica before reserve")
    try:
        reservation = await _reserve(exchange.reserve_request, runtime)
    except asyncio.CancelledError:
        runtime.settler.release_unconfirmed(exchange)
        raise
    exchange.reservation = reservation
    if reservation.outcome not in ("held", "repeated"):
        await _check_size(exchange.reserve_request, reservation, runtime)
        raise _refusal(exchange, reservation, runtime)
    exchange.advance(Stage.ADMITTED)
    require(exchange.meter).held = reservation.number
    _limit_output(exchange, reservation)


def _limit_output(exchange: Exchange, reservation: Reservation) -> None:
    """Limits the answer to what the balance pays for, if the request asks for more than that."""
    meter, choices = require(exchange.meter), exchange.request.choices
    affordable = meter.affordable_output(reservation.avail + reservation.number)
    per_choice = max(1, affordable // choices)
    if per_choice < (exchange.request.max_tokens or meter.cap // choices):
        exchange.output_limit = per_choice


def _reserve_request(exchange: Exchange) -> ReserveRequest:
    meter, model = require(exchange.meter), require(exchange.model)
    principal = require(exchange.principal)
    return ReserveRequest(
        account=principal.account,
        request_id=exchange.id,
        fingerprint=exchange.id,
        target=meter.first_hold(),
        min_hold=meter.min_hold(),
        tokens=meter.hold_tokens(),
        rank=model.rank,
        ttl_ms=HOLD_TTL_MS,
        event=event_if_lost(exchange),
        api_key=principal.api_key,
        cap=principal.cap,
    )


async def _reserve(request: ReserveRequest, runtime: Runtime) -> Reservation:
    """A cold account is loaded, and the reservation made once more."""
    try:
        reservation = await runtime.ledger.reserve(request)
        if reservation.outcome == "cold":
            await runtime.loader.load(request.account)
            reservation = await runtime.ledger.reserve(request)
    except LedgerAway as error:
        raise ServiceUnavailable from error
    if reservation.outcome == "cold":
        raise ServiceUnavailable
    return reservation


async def _check_size(request: ReserveRequest, reservation: Reservation, runtime: Runtime) -> None:
    """Raises RequestTooLargeForPlan where no wait can help: the request exceeds a whole window."""
    outcome, window = reservation.outcome, _window(reservation)
    size = {"tokens_per_minute": request.tokens, "credits_per_day": request.min_hold}.get(outcome)
    if window is not None and size is not None and size > window.limit:
        raise await runtime.plan_limits.refusal(request.account, outcome, window.limit, size)


def _refusal(exchange: Exchange, reservation: Reservation, runtime: Runtime) -> Refusal:
    outcome, model = reservation.outcome, require(exchange.model)
    if outcome == "conflict":
        return Conflict("Another request has this request id.")
    if outcome == "suspended":
        return AccountSuspended()
    if outcome == "model_locked":
        upgrade_url = runtime.settings.links.pricing()
        details = {"required_tier": model.required_tier, "upgrade_url": upgrade_url}
        return ModelAccessRestricted(
            f"`{model.id}` requires the {model.required_tier} plan.", param="model", details=details
        )
    if outcome in ("insufficient_credits", "key_cap"):
        return _insufficient(exchange, reservation, runtime)
    return _rate_limited(reservation)


def _insufficient(exchange: Exchange, reservation: Reservation, runtime: Runtime) -> Refusal:
    increment, capped = runtime.settings.credit_increment, reservation.outcome == "key_cap"
    return InsufficientCredits(
        "This API key has reached its credit limit." if capped else None,
        wordings=None if capped else INSUFFICIENT_CREDITS,
        details={
            "limit": "api_key" if capped else "balance",
            "required_credits": public(require(exchange.meter).min_hold(), increment),
            "available_credits": public(max(0, reservation.number), increment),
            "top_up_url": runtime.settings.top_up(),
        },
    )


def _rate_limited(reservation: Reservation) -> Refusal:
    wait_ms = 1_000 if reservation.outcome == "concurrent_requests" else reservation.number
    return rate_limited(reservation.outcome, wait_ms, _window(reservation))


def _window(reservation: Reservation) -> Window | None:
    return {
        "requests_per_minute": reservation.requests,
        "tokens_per_minute": reservation.tokens,
        "credits_per_day": reservation.credits_today,
    }.get(reservation.outcome)
