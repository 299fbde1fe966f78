"""grant_type=refresh_token. Every use brings a successor; a token used before ends the family.

But two windows of one application may refresh at the same moment, or an answer may be lost on the
way. So for a few seconds the immediate predecessor, and no older one, gets the very same successor:
it is derived from the token presented and a key of ours, so it need not be kept to be told again.
"""

from control_plane.activity import store as activity
from control_plane.identity.grants import store
from control_plane.identity.grants.records import Grant
from control_plane.kit import clock, crypto
from control_plane.kit.database import Connection
from control_plane.oauth.token.outcome import Issued, Outcome, refuse
from control_plane.oauth.token.request import Asking


async def exchange(connection: Connection, asking: Asking) -> Outcome:
    """Raises OAuthError for a missing parameter or a scope that was not granted."""
    token = asking.parameters.load("refresh_token")
    grant_id = await store.find_refresh(connection, token)
    if grant_id is None:
        return refuse("unknown refresh token")
    grant = await store.load(connection, grant_id)
    if grant.client_id != asking.client.id:
        return refuse("another client's refresh token")
    if grant.revoked_at is not None:
        return refuse("revoked")
    return await _rotate(connection, asking, grant, token)


async def _rotate(connection: Connection, asking: Asking, grant: Grant, token: str) -> Outcome:
    found = await store.load_refresh(connection, token)
    if found.used and not found.graced:
        return await _end(connection, asking, grant)
    if not found.fresh or grant.expires_at <= clock.now():
        return refuse("refresh token expired")
    scopes = asking.narrow(grant.scopes)
    successor = crypto.derive(asking.secret, "refresh token after", token)
    if not found.used:
        await store.use_refresh(connection, token)
        await store.create_refresh(connection, grant.id, successor, token)
    await store.touch(connection, grant.id, asking.origin)
    return Issued(grant, scopes, successor)


async def _end(connection: Connection, asking: Asking, grant: Grant) -> Outcome:
    await store.revoke(connection, grant.id)
    kind, client_id = activity.REFRESH_REPLAYED, asking.client.id
    await activity.record(connection, grant.user_id, kind, asking.origin, client_id)
    return refuse("refresh token replayed", grant.id)
