"""What keeps signing in tidy: the next signing key in time, and what and who has gone forgotten."""

from control_plane.accounts import purging
from control_plane.connections import Connections
from control_plane.mail import store as mails
from control_plane.oidc.grants import store as grants
from control_plane.oidc.interactions import store as interactions
from control_plane.oidc.sessions import store as sessions
from control_plane.users import links


async def tidy(connections: Connections) -> None:
    """Doing it more often than needed changes nothing."""
    await connections.keys.rotate()
    for prune in (sessions.prune, interactions.prune, grants.prune, links.prune, mails.prune):
        await prune(connections.pool)
    await purging.purge(connections.pool)
