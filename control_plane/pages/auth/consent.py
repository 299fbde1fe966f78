"""The consent form: which client asks for which permissions on which account."""

from collections.abc import Iterable

from aiohttp import web

from control_plane.identity.clients.records import SCOPE_DESCRIPTIONS
from control_plane.identity.sessions.records import Session
from control_plane.identity.users import service as users
from control_plane.oauth.authorize import flow
from control_plane.pages.request import PageRequest
from shared.errors import NotFound


async def render_consent(
    request: PageRequest, session: Session, client_id: str, scopes: Iterable[str], **hidden: str
) -> web.Response:
    """The form posts to the current path. Only administrators are asked for the scope `admin`.

    Raises PageError (the client) or NotFound (the user).
    """
    client = await flow.load_client(request.context, client_id)
    user = await users.find(request.context.pool, session.user_id)
    if user is None:
        raise NotFound("There is no such user.")
    shown = [scope for scope in scopes if scope != "admin" or user.is_admin]
    values = {
        "app": client.name,
        "email": user.email,
        "texts": [SCOPE_DESCRIPTIONS[scope] for scope in shown],
        "action": request.http.path,
    }
    return request.render("consent.html", values, hidden=hidden)
