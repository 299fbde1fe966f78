"""Reverts a change of e-mail address by a link sent to the previous address.

Whoever uses the link controls the previous mailbox and perhaps nothing else, so the account may be
in someone else's hands: the password is removed, all sessions end, API keys are revoked, and a new
password must be chosen. Second factors stay, except those added since one day before the change;
recovery codes are removed because they may have been copied.
"""

from datetime import timedelta

from control_plane.activity import store as activity
from control_plane.api_keys import service as api_keys
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation
from control_plane.identity.mfa import store as mfa
from control_plane.identity.sign_out import end_all_sessions
from control_plane.identity.users import links
from control_plane.identity.users import store as user_store
from control_plane.identity.users.links import InvalidLink, Link, Purpose
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Connection, transaction
from shared.errors import Conflict

_DISTRUST = timedelta(days=1)
"""An attacker may add a second factor first and change the address afterwards."""


async def create_revert_link(connection: Connection, context: IdentityContext, link: Link) -> str:
    """The URL of the page that restores `link.email`."""
    secret = await links.create(connection, Purpose.REVERT, link)
    return context.links.revert_email(secret)


async def revert(context: IdentityContext, secret: str, client_info: ClientInfo) -> str:
    """Restore the address; returns the secret of a link for choosing a new password.

    Raises InvalidLink, or Conflict when the address belongs to another account by now.
    """
    async with transaction(context.pool) as connection:
        link = await links.consume(connection, Purpose.REVERT, secret)
        if link is None:
            raise InvalidLink
        if not await user_store.revert_email(connection, link.user_id, link.email):
            raise Conflict("This e-mail address belongs to another account.")
        trusted_until = await links.load_sent_at(connection, Purpose.REVERT, secret) - _DISTRUST
        await mfa.remove_added_since(connection, link.user_id, trusted_until)
        await links.end_since(connection, link.user_id, secret)
        revoked = await end_all_sessions(connection, link.user_id)
        digests = await api_keys.revoke_all(connection, link.user_id)
        await activity.record(connection, link.user_id, activity.EMAIL_REVERTED, client_info)
        reset_secret = await links.create(connection, Purpose.RESET, link)
    await revocation.publish_revocation(context.pool, context.redis, revoked)
    await api_keys.unpublish(context.redis, digests)
    return reset_secret
