"""Tell the end with the bill in it: what stayed back of a stream, or the whole answer."""

from inference_plane.core.writer import Bill
from inference_plane.runtime import respond
from inference_plane.runtime.exchange import Exchange, given
from inference_plane.runtime.plane import Plane
from shared.credits import public


async def finish(exchange: Exchange, plane: Plane) -> None:
    """Runs after settle, so that what it says is what was booked."""
    bill = _bill(exchange, plane)
    data = given(exchange.writer).tail(bill)
    if exchange.request.streamed:
        await respond.piece(exchange, data, end=True)
    else:
        await respond.whole(exchange, data, str(bill.deducted))


def _bill(exchange: Exchange, plane: Plane) -> Bill:
    """`remaining` is what is available now: what other requests hold is not in it."""
    increment, settlement = plane.settings.credit_increment, exchange.settlement
    meter = given(exchange.meter)
    if settlement is None:
        return Bill(meter.final(), public(meter.charge(), increment), None)
    remaining = public(max(0, settlement.avail), increment)
    return Bill(meter.final(), public(settlement.charged, increment), remaining)
