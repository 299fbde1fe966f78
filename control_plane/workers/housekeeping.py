"""What keeps signing in tidy: the next signing key in time, and what and who has gone forgotten."""

from control_plane.accounts import purging
from control_plane.connections import Connections
from control_plane.mail import store as mails
from control_plane.oidc.grants import store as grants
from control_plane.oidc.interactions import store as interactions
from control_plane.oidc.sessions import store as sessions
from control_plane.second_factors import store as second_factors
from control_plane.users import links


async def tidy(connections: Connections) -> None:
    """Doing it more often than needed changes nothing."""
    await connections.keys.rotate()
    for each in (sessions, interactions, grants, links, mails, second_factors):
        await each.prune(connections.pool)
    await purging.purge(connections.pool)
