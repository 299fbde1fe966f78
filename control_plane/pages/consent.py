"""The consent form: which application, which account, and what it may do, in plain words."""

from collections.abc import Iterable

from aiohttp import web

from control_plane.oidc.endpoints import authorize as endpoint
from control_plane.oidc.records import SCOPE_TEXTS, Session
from control_plane.pages.visit import Visit
from control_plane.users import service as users
from shared.errors import NotFound


async def ask(
    visit: Visit, session: Session, client_id: str, scopes: Iterable[str], **hidden: str
) -> web.Response:
    """Sent to where it is shown. Nobody is asked for what would not be given: to administer is for
    administrators.
    """
    client = await endpoint.load_client(visit.provider, client_id)
    user = await users.find(visit.provider.pool, session.user_id)
    if user is None:
        raise NotFound("There is no such user.")
    told = [scope for scope in scopes if scope != "admin" or user.is_admin]
    values = {
        "app": client.name,
        "email": user.email,
        "texts": [SCOPE_TEXTS[scope] for scope in told],
        "action": visit.request.path,
    }
    return visit.show("consent.html", values, hidden=hidden)
