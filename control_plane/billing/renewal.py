"""Renews subscriptions whose period has ended by granting the next period's credits.

What is left of the old period's lot expires with it. Any number of processes may renew at once: a
subscription is locked while it is renewed, and each period has at most one row.
"""

from control_plane.billing import store
from control_plane.billing.records import DueRenewal
from control_plane.kit.database import Connection, Pool, transaction
from control_plane.ledger import accounts
from control_plane.ledger import grants as credit_grants
from control_plane.ledger.records import NewLot, Source


async def renew_due(pool: Pool, limit: int = 1000) -> int:
    """Renew or end up to `limit` subscriptions whose period is over; returns how many."""
    for renewed in range(limit):
        async with transaction(pool) as connection:
            due = await store.take_due(connection)
            if due is None:
                return renewed
            await _renew(connection, due)
    return limit


async def _renew(connection: Connection, due: DueRenewal) -> None:
    if due.cancel_at_period_end:
        await store.end_subscription(connection, due.id)
        return
    await store.begin_period(connection, due)
    await accounts.set_floor(connection, due.user_id, due.floor_micro)
    if await store.create_period(connection, due) and due.credits_per_month_micro:
        source = Source.SUBSCRIPTION if due.price_cents else Source.FREE
        lot = NewLot(source, due.credits_per_month_micro, due.ends_at)
        lot_id = await credit_grants.grant(connection, due.user_id, lot)
        await store.set_period_lot(connection, due.id, due.period, lot_id)
