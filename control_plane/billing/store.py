"""Plans and subscriptions in PostgreSQL."""

from control_plane.billing.records import Plan, Subscription
from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.billing")
_LIST_PLANS, _FIND = _SQL["list_plans"], _SQL["find_subscription"]
_CREATE = _SQL["create_subscription"]


async def list_plans(source: Connection | Pool) -> list[Plan]:
    """Those on sale, in the order they are shown."""
    return [Plan(**row) for row in await source.fetch(_LIST_PLANS)]


async def create_subscription(connection: Connection, user_id: str, plan_id: str) -> Subscription:
    """A month of this plan, from now on."""
    row = await connection.fetchrow(_CREATE, user_id, plan_id)
    assert row is not None
    return Subscription(**row)


async def find_subscription(source: Connection | Pool, user_id: str) -> Subscription | None:
    """The one that counts now."""
    row = await source.fetchrow(_FIND, user_id)
    return Subscription(**row) if row else None
