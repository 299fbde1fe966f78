"""The first proof that somebody owns the address of an account.

Anybody can register an address that is not theirs, and prepare the account before its owner comes
("account pre-hijacking", Sudhodanan and Paverd, USENIX Security 2022). So when the owner first
proves the address, everything that was made before is dropped: API keys, second factors, sessions,
grants, open links and pending changes. Whoever is signed in to the account while proving it shows
that the one who registered and the owner are the same, and nothing is dropped.
"""

from dataclasses import dataclass

from control_plane.api_keys import service as api_keys
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import revocation
from control_plane.identity.mfa import store as mfa
from control_plane.identity.sign_out import end_all_sessions
from control_plane.identity.users import links
from control_plane.identity.users import store as user_store
from control_plane.kit.database import Connection


@dataclass(frozen=True, slots=True)
class Dropped:
    """What to publish after the commit: ids of grants and digests of API keys."""

    grant_ids: tuple[str, ...] = ()
    key_digests: tuple[str, ...] = ()


NOTHING = Dropped()


async def by_link(connection: Connection, user_id: str, signed_in: str) -> Dropped:
    """A link in a mail to the user was opened by somebody who is signed in as the user with the id
    `signed_in`, if any. Call it before the address is marked as verified.
    """
    proof = await user_store.lock_proof(connection, user_id)
    if signed_in == user_id:
        await user_store.prove_password(connection, user_id)
        return NOTHING
    return NOTHING if proof.email_verified else await _drop(connection, user_id)


async def by_reset(connection: Connection, user_id: str) -> Dropped:
    """The password was reset by mail. Call it before the address is marked as verified.

    Also drops what was made with a password that was never proven: whoever registered could have
    signed in again after the owner had verified the address.
    """
    proof = await user_store.lock_proof(connection, user_id)
    await user_store.prove_password(connection, user_id)
    if proof.email_verified and not proof.password_unproven:
        return NOTHING
    return await _drop(connection, user_id)


async def publish(context: IdentityContext, dropped: Dropped) -> None:
    """Call it after the commit."""
    await revocation.publish_revocation(context.pool, context.redis, dropped.grant_ids)
    await api_keys.unpublish(context.redis, dropped.key_digests)


async def _drop(connection: Connection, user_id: str) -> Dropped:
    await links.end_all(connection, user_id)
    await mfa.remove_all(connection, user_id)
    revoked = await end_all_sessions(connection, user_id)
    digests = await api_keys.revoke_all(connection, user_id)
    return Dropped(tuple(revoked), tuple(digests))
