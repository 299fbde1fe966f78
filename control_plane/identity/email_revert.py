"""A change of address that its user did not want is undone by a link sent to the address before.

Whoever uses it has the old mailbox and perhaps nothing else: so the old password opens nothing any
more, everything is signed out, API keys are revoked (they may be a thief's), and a new password is
asked for at once. Second factors stay, but for those added since a day before the change.
Recovery codes may have been read, so they are void.
"""

from datetime import timedelta

from control_plane.activity import store as activity
from control_plane.api_keys import service as api_keys
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation
from control_plane.identity.mfa import store as second_factors
from control_plane.identity.sign_out import end_everything
from control_plane.identity.users import links
from control_plane.identity.users import store as user_store
from control_plane.identity.users.links import Link, Purpose
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Connection, transaction
from shared.errors import Conflict, NotFound

_DOUBT = timedelta(days=1)
"""A thief may add a key of theirs first and change the address then."""


async def create_undo(connection: Connection, context: IdentityContext, link: Link) -> str:
    """The address of a page that puts this one back."""
    secret = await links.create(connection, Purpose.UNDO, link)
    return f"{context.issuer}/undo-email?token={secret}"


async def undo(context: IdentityContext, secret: str, origin: ClientInfo) -> str:
    """The secret of a link to choose a new password by. Raises NotFound (the link) or Conflict (the
    address has another account by now).
    """
    async with transaction(context.pool) as connection:
        link = await links.consume(connection, Purpose.UNDO, secret)
        if link is None:
            raise NotFound("This link was used already, or is over.")
        if not await user_store.restore_email(connection, link.user_id, link.email):
            raise Conflict("This address belongs to another account.")
        trusted_until = await links.load_sent_at(connection, Purpose.UNDO, secret) - _DOUBT
        await second_factors.remove_since(connection, link.user_id, trusted_until)
        await links.end_since(connection, link.user_id, secret)
        ended = await end_everything(connection, link.user_id)
        keys = await api_keys.revoke_all(connection, link.user_id)
        await activity.record(connection, link.user_id, activity.EMAIL_RESTORED, origin)
        chosen = await links.create(connection, Purpose.RESET, link)
    await revocation.publish_revocation(context.redis, ended)
    await api_keys.withdraw(context.redis, keys)
    return chosen
