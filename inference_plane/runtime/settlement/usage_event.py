"""Builds the usage event of a request: the body of its outbox entry.

It holds no prompt, no answer, no token and no key.
"""

from typing import Any

from inference_plane.runtime.exchange import Exchange, require
from shared.credits import PARTS
from shared.events import MILLISECONDS_MAX, UsageEvent, encode


def event_if_lost(exchange: Exchange) -> bytes:
    """What is recorded if this replica dies: the request as it is known at admission. JSON."""
    return encode(_event(exchange, status="lost", estimated=True))


def final_event(exchange: Exchange) -> bytes:
    """What is recorded at the end. JSON."""
    meter = require(exchange.meter)
    used = meter.final()
    first = exchange.first_token_s
    return encode(
        _event(
            exchange,
            status=exchange.status,
            estimated=meter.estimated,
            input_tokens=used.input,
            cache_read_tokens=used.cache_read,
            cache_write_tokens=used.cache_write,
            output_tokens=used.output,
            reasoning_tokens=used.reasoning,
            first_token_ms=_bounded(round(first * 1000) if first is not None else 0),
            duration_ms=_bounded(exchange.elapsed_ms()),
            service_tier=meter.served.tier,
            region=meter.served.region,
            uses=meter.served.charged_uses(meter.prices),
            token_parts={part: count for part in PARTS if (count := getattr(used, part))},
            unpriced=tuple(meter.unpriced()),
        )
    )


def _bounded(milliseconds: int) -> int:
    return max(0, min(milliseconds, MILLISECONDS_MAX))


def _event(exchange: Exchange, **rest: Any) -> UsageEvent:
    principal = require(exchange.principal)
    model, route = require(exchange.model), require(exchange.route)
    operation = "function_call" if exchange.tool_called else exchange.request.operation
    return UsageEvent(
        request_id=exchange.id,
        user_id=principal.user_id,
        model_id=model.id,
        operation=operation,
        provider=route.provider,
        upstream_model=route.upstream_model,
        price_id=model.price_id,
        client_id=principal.client_id,
        streamed=exchange.request.streamed,
        started_at_ms=exchange.started_at_ms,
        **rest,
    )
