"""GET /v1/subscription-plans: the plans on sale; no authentication."""

from aiohttp import web

from control_plane.api.request import ApiContext
from control_plane.billing import subscriptions as billing
from shared.credits import public as credit_number

_MAX_AGE_S = 60


async def list_plans(_: web.Request, context: ApiContext) -> web.Response:
    """In display order."""
    plans = [
        {
            "id": plan.id,
            "name": plan.name,
            "description": plan.description,
            "credits_per_month": credit_number(plan.credits_per_month_micro),
            "price_cents": plan.price_cents,
            "billing_intervals": plan.billing_intervals,
            "yearly_discount_percent": plan.yearly_discount_percent,
            "features": plan.describe(),
        }
        for plan in await billing.list_plans(context.container.pool)
    ]
    values = {"plans": plans, "total": len(plans)}
    return web.json_response(values, headers={"Cache-Control": f"public, max-age={_MAX_AGE_S}"})
