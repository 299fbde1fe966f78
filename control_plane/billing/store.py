"""Plans and subscriptions in PostgreSQL."""

from control_plane.billing.records import DueRenewal, Plan, Subscription
from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.billing")
_LIST_PLANS, _FIND = _SQL["list_plans"], _SQL["find_subscription"]
_CREATE, _CREATE_PERIOD = _SQL["create_subscription"], _SQL["create_period"]
_SET_PERIOD_LOT, _TAKE_DUE = _SQL["set_period_lot"], _SQL["take_due"]
_BEGIN_PERIOD, _END_SUBSCRIPTION = _SQL["begin_period"], _SQL["end_subscription"]


async def list_plans(source: Connection | Pool) -> list[Plan]:
    """Plans on sale, in display order."""
    return [Plan(**row) for row in await source.fetch(_LIST_PLANS)]


async def create_subscription(connection: Connection, user_id: str, plan_id: str) -> Subscription:
    """Create a monthly subscription that starts now."""
    row = await connection.fetchrow(_CREATE, user_id, plan_id)
    assert row is not None
    return Subscription(**row)


async def create_period(connection: Connection, due: DueRenewal) -> bool:
    """False when this period has started already."""
    number = await connection.fetchval(
        _CREATE_PERIOD, due.id, due.period, due.starts_at, due.ends_at
    )
    return number is not None


async def set_period_lot(connection: Connection, subscription: str, period: int, lot: str) -> None:
    """Record which lot the period granted."""
    await connection.execute(_SET_PERIOD_LOT, subscription, period, lot)


async def take_due(connection: Connection) -> DueRenewal | None:
    """One subscription whose period has ended, locked; None when none is left."""
    row = await connection.fetchrow(_TAKE_DUE)
    return DueRenewal(**row) if row else None


async def begin_period(connection: Connection, due: DueRenewal) -> None:
    """Move the subscription to this period."""
    await connection.execute(_BEGIN_PERIOD, due.id, due.starts_at, due.ends_at)


async def end_subscription(connection: Connection, subscription: str) -> None:
    """Mark it expired."""
    await connection.execute(_END_SUBSCRIPTION, subscription)


async def find_subscription(source: Connection | Pool, user_id: str) -> Subscription | None:
    """The user's active subscription."""
    row = await source.fetchrow(_FIND, user_id)
    return Subscription(**row) if row else None
