"""Rotates signing keys, deletes expired rows, and erases users deleted more than 30 days ago."""

from control_plane.container import Container
from control_plane.identity import erasure
from control_plane.identity.grants import store as grants
from control_plane.identity.mfa import store as mfa
from control_plane.identity.sessions import store as sessions
from control_plane.identity.users import links
from control_plane.notifications import outbox
from control_plane.oauth.authorize.interactions import store as interactions


async def clean_up(container: Container) -> None:
    """Safe to run at any time and as often as needed."""
    await container.keys.rotate()
    for store in (sessions, interactions, grants, links, outbox, mfa):
        await store.prune(container.pool)
    await erasure.erase_deleted(container.pool)
