"""The one log line of a request, with everything that one would ask about it afterwards.

It holds no prompt, no answer, no token and no key.
"""

from typing import Any

from inference_plane.runtime.exchange import Exchange


def request_line(exchange: Exchange, http_status: int, code: str | None) -> dict[str, Any]:
    """The fields of the event `request`. `code` is the error's, None where there was none."""
    meter, settlement = exchange.meter, exchange.settlement
    used = meter.final() if meter else None
    first = exchange.first_token_s
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
        "ignored": list(exchange.ignored),
        "content_frames": exchange.content_frames,
        "first_token_ms": round(first * 1000, 1) if first is not None else None,
        "duration_ms": exchange.elapsed_ms(),
    }
