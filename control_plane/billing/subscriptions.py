"""Plans on sale, and subscriptions, which start with their plan's credits for the first month."""

from control_plane.billing import store
from control_plane.billing.records import Plan, Subscription
from control_plane.kit.database import Connection, Pool
from control_plane.ledger import accounts
from control_plane.ledger import grants as credit_grants
from control_plane.ledger.records import NewLot, Source


async def list_plans(source: Connection | Pool) -> list[Plan]:
    """The plans on sale."""
    return await store.list_plans(source)


async def find_subscription(source: Connection | Pool, user_id: str) -> Subscription | None:
    """The user's active subscription."""
    return await store.find_subscription(source, user_id)


async def subscribe(
    connection: Connection, user_id: str, tier: str, amount_micro: int | None = None
) -> Subscription | None:
    """Subscribe to the tier's plan and grant its credits, or `amount_micro` micro-credits instead.

    The credits expire with the first period. Returns None when no plan on sale has this tier; then
    only `amount_micro` is granted, without expiry.
    """
    plan = next((plan for plan in await store.list_plans(connection) if plan.tier == tier), None)
    subscription = await store.create_subscription(connection, user_id, plan.id) if plan else None
    allotment = plan.credits_per_month_micro if plan else 0
    amount = allotment if amount_micro is None else amount_micro
    if plan:
        await accounts.set_floor(connection, user_id, plan.floor_micro)
    if amount:
        paid = plan is not None and plan.price_cents > 0
        source = Source.SUBSCRIPTION if paid else Source.FREE
        expires_at = subscription.current_period_end if subscription else None
        lot = await credit_grants.grant(connection, user_id, NewLot(source, amount, expires_at))
        if subscription:
            await store.set_period_lot(connection, subscription.id, 0, lot)
    return subscription
