"""Extends a hold while its answer grows. `core/meter.py` decides when, and by how much."""

import structlog

from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from shared.calls import LedgerAway
from shared.errors import ServiceUnavailable

_log = structlog.get_logger("hold_extension")


async def extend_hold(exchange: Exchange, runtime: Runtime) -> None:
    """Adds the meter's next allowance to the hold.

    A refusal does not end the stream: what is held may still cover the rest. Raises
    ServiceUnavailable if Redis does not answer, because nothing is streamed that no hold covers.
    """
    meter, request = require(exchange.meter), require(exchange.reserve_request)
    target = meter.extension_target()
    if not target:
        meter.extended(meter.held)
        return
    meter.extension_step += 1
    try:
        extension = await runtime.ledger.extend(
            request,
            step=meter.extension_step,
            target=target,
            min_hold=meter.increment,
            tokens=meter.next_allowance() - meter.allowance,
            used=meter.spent,
        )
    except LedgerAway as error:
        raise ServiceUnavailable(
            "The stream was interrupted. You are charged for what you received."
        ) from error
    if extension.outcome in ("extended", "repeated"):
        meter.extended(extension.number)
    else:
        meter.extendable = False
        _log.info("hold.limit", request_id=exchange.request_id, outcome=extension.outcome)
