"""grant_type=refresh_token (RFC 6749, section 6), with rotation (RFC 9700, section 4.14.2).

A token that is used again revokes its grant. But two windows of one application may refresh at the
same time, or a response may be lost, so for a few seconds the direct predecessor gets the same
successor again. The successor is derived from the predecessor and a secret key, so it need not be
stored.
"""

from control_plane.activity import store as activity
from control_plane.identity.grants import store
from control_plane.identity.grants.records import Grant
from control_plane.kit import clock, crypto
from control_plane.kit.database import Connection
from control_plane.oauth.token.outcome import Issued, Outcome, refuse
from control_plane.oauth.token.request import TokenRequest


async def exchange(connection: Connection, token_request: TokenRequest) -> Outcome:
    """Raises OAuthError for a missing parameter or a scope that was not granted."""
    token = token_request.parameters.load("refresh_token")
    grant_id = await store.find_refresh(connection, token)
    if grant_id is None:
        return refuse("unknown refresh token")
    grant = await store.load(connection, grant_id)
    if grant.client_id != token_request.client.id:
        return refuse("another client's refresh token")
    if grant.revoked_at is not None:
        return refuse("revoked")
    return await _rotate(connection, token_request, grant, token)


async def _rotate(
    connection: Connection, token_request: TokenRequest, grant: Grant, token: str
) -> Outcome:
    found = await store.load_refresh(connection, token)
    if found.used and not found.in_grace:
        return await _end(connection, token_request, grant)
    if not found.unexpired or grant.expires_at <= clock.now():
        return refuse("refresh token expired")
    scopes = token_request.narrow(grant.scopes)
    successor = crypto.derive(token_request.secret, "refresh token after", token)
    if not found.used:
        await store.use_refresh(connection, token)
        await store.create_refresh(connection, grant.id, successor, token)
    await store.touch(connection, grant.id, token_request.client_info)
    return Issued(grant, scopes, successor)


async def _end(connection: Connection, token_request: TokenRequest, grant: Grant) -> Outcome:
    await store.revoke(connection, grant.id)
    kind, client_id = activity.REFRESH_REPLAYED, token_request.client.id
    await activity.record(connection, grant.user_id, kind, token_request.client_info, client_id)
    return refuse("refresh token replayed", grant.id)
