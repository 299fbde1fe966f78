"""The consent form: which application, which account, and what it may do, in plain words."""

from collections.abc import Iterable

from aiohttp import web

from control_plane.identity.clients.records import SCOPE_TEXTS
from control_plane.identity.sessions.records import Session
from control_plane.identity.users import service as users
from control_plane.oauth.authorize import flow as endpoint
from control_plane.pages.request import PageRequest
from shared.errors import NotFound


async def ask(
    request: PageRequest, session: Session, client_id: str, scopes: Iterable[str], **hidden: str
) -> web.Response:
    """Sent to where it is shown. Nobody is asked for what would not be given: to administer is for
    administrators.
    """
    client = await endpoint.load_client(request.context, client_id)
    user = await users.find(request.context.pool, session.user_id)
    if user is None:
        raise NotFound("There is no such user.")
    told = [scope for scope in scopes if scope != "admin" or user.is_admin]
    values = {
        "app": client.name,
        "email": user.email,
        "texts": [SCOPE_TEXTS[scope] for scope in told],
        "action": request.http.path,
    }
    return request.show("consent.html", values, hidden=hidden)
