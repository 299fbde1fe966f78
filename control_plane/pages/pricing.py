"""/pricing: the plans on sale, for everybody."""

from aiohttp import web

from control_plane.billing import subscriptions as billing
from control_plane.pages.request import PageRequest


async def show_pricing(request: PageRequest) -> web.Response:
    """In display order."""
    plans = await billing.list_plans(request.context.pool)
    return request.render("pricing.html", {"plans": plans, "signed_in": bool(request.session)})
