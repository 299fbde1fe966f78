"""What is written down of a request: the outbox entry's body and the one wide log line.

Neither holds a prompt, an answer, a token or a key.
"""

from typing import Any

from inference_plane.runtime.exchange import Exchange, given
from shared.events import UsageEvent, encode


def hold_event(exchange: Exchange) -> bytes:
    """What is booked if this replica dies: the request as far as it is known at admission."""
    return encode(_event(exchange, status="lost", estimated=True))


def final_event(exchange: Exchange) -> bytes:
    """What is booked at the end."""
    meter = given(exchange.meter)
    used = meter.final()
    first = exchange.first_byte_s
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
            first_token_ms=round(first * 1000) if first is not None else 0,
            duration_ms=exchange.elapsed_ms(),
        )
    )


def _event(exchange: Exchange, **rest: Any) -> UsageEvent:
    principal, model, route = (
        given(exchange.principal),
        given(exchange.model),
        given(exchange.route),
    )
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


def wide_line(exchange: Exchange, http_status: int, code: str | None) -> dict[str, Any]:
    """Everything one would ask of a request afterwards, in one event."""
    meter, settlement = exchange.meter, exchange.settlement
    used = meter.final() if meter else None
    first = exchange.first_byte_s
    return {
        "request_id": exchange.request_id,
        "user_id": exchange.principal.user_id if exchange.principal else None,
        "surface": exchange.surface.name,
        "model": exchange.request.model_id,
        "provider": exchange.route.provider if exchange.route else None,
        "attempts": exchange.attempts,
        "streamed": exchange.request.streamed,
        "http_status": http_status,
        "code": code,
        "status": exchange.status if exchange.reservation else "refused",
        "stage": exchange.stage.value,
        "admission": exchange.reservation.outcome if exchange.reservation else None,
        "held_micro": meter.held if meter else 0,
        "charged_micro": settlement.charged if settlement else None,
        "seq": settlement.seq if settlement else None,
        "input_tokens": used.prompt if used else 0,
        "output_tokens": used.output if used else 0,
        "frames": exchange.frames,
        "first_token_ms": round(first * 1000, 1) if first is not None else None,
        "duration_ms": exchange.elapsed_ms(),
    }
