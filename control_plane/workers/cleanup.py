"""What keeps signing in tidy: the next signing key in time, and what and who has gone forgotten."""

from control_plane.container import Container
from control_plane.identity import erasure
from control_plane.identity.grants import store as grants
from control_plane.identity.mfa import store as second_factors
from control_plane.identity.sessions import store as sessions
from control_plane.identity.users import links
from control_plane.notifications import outbox as mails
from control_plane.oauth.authorize.interactions import store as interactions


async def tidy(container: Container) -> None:
    """Doing it more often than needed changes nothing."""
    await container.keys.rotate()
    for each in (sessions, interactions, grants, links, mails, second_factors):
        await each.prune(container.pool)
    await erasure.purge(container.pool)
