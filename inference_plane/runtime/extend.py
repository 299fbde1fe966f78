"""Grow a hold while its answer grows. A refusal is not the end: what is held may still suffice."""

import structlog

from inference_plane.runtime.exchange import Exchange, given
from inference_plane.runtime.plane import Plane
from shared.calls import LedgerAway
from shared.errors import ServiceUnavailable

_log = structlog.get_logger("extend")


async def extend(exchange: Exchange, plane: Plane) -> None:
    """Raises ServiceUnavailable when Redis is away: what no hold covers is not streamed."""
    meter, ask = given(exchange.meter), given(exchange.ask)
    more = meter.more_wanted()
    if not more:
        meter.extended(meter.held)
        return
    meter.step += 1
    try:
        answer = await plane.ledger.extend(
            ask,
            step=meter.step,
            target=more,
            min_hold=meter.increment,
            tokens=meter.next_allowance() - meter.allowance,
            used=meter.spent,
        )
    except LedgerAway as error:
        raise ServiceUnavailable("The stream had to stop; what you received is charged.") from error
    if answer.outcome in ("extended", "repeated"):
        meter.extended(answer.number)
    else:
        meter.growing = False
        _log.info("hold.limit", request_id=exchange.request_id, outcome=answer.outcome)
