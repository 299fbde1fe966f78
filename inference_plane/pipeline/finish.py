"""Send the end of the answer with its cost: the held-back end of a stream, or the buffered body."""

from inference_plane.core.writer import Bill
from inference_plane.runtime import respond
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from shared.credits import public


async def finish(exchange: Exchange, runtime: Runtime) -> None:
    """Runs after settle, so that the cost it reports is the one that was charged.

    An end that was being sent when its caller disconnected has been recorded, and is not repeated.
    """
    if exchange.ended:
        return
    bill = _bill(exchange, runtime)
    data = require(exchange.writer).tail(bill)
    if exchange.request.streamed:
        await respond.chunk(exchange, data, end=True)
    else:
        await respond.body(exchange, data, charged=str(bill.deducted))


def _bill(exchange: Exchange, runtime: Runtime) -> Bill:
    """`remaining` is what is available now; what other requests hold is not part of it."""
    increment, settlement = runtime.settings.credit_increment, exchange.settlement
    meter = require(exchange.meter)
    if settlement is None:
        return Bill(meter.final(), public(meter.charge(), increment), None, meter.corrected)
    remaining = public(max(0, settlement.avail), increment)
    charged = public(settlement.charged, increment)
    return Bill(meter.final(), charged, remaining, meter.corrected)
