"""grant_type=authorization_code (RFC 6749, section 4.1.3).

A code that is used twice revokes its grant (section 4.1.2), because it may have been stolen.
"""

from control_plane.activity import store as activity
from control_plane.identity.clients.records import REFRESH_GRANT, Client
from control_plane.identity.grants import store
from control_plane.identity.grants.records import Grant
from control_plane.identity.grants.store import AuthorizationCode
from control_plane.kit import crypto
from control_plane.kit.database import Connection
from control_plane.oauth import pkce
from control_plane.oauth.token.outcome import Issued, Outcome, refuse
from control_plane.oauth.token.request import TokenRequest


async def exchange(connection: Connection, token_request: TokenRequest) -> Outcome:
    """Raises OAuthError for a missing or malformed parameter."""
    code, redirect_uri = (
        token_request.parameters.load("code"),
        token_request.parameters.load("redirect_uri"),
    )
    verifier = token_request.load_verifier()
    found = await store.load_code(connection, code)
    if found is None:
        return refuse("unknown code")
    grant = await store.load(connection, found.grant_id)
    if grant.client_id != token_request.client.id:
        return refuse("another client's code")
    if found.consumed:
        return await _end(connection, grant, token_request)
    reason = _mismatch(found, grant, redirect_uri, verifier)
    if reason:
        return refuse(reason)
    await store.consume_code(connection, code)
    refresh_token = await _create_refresh(connection, grant, token_request.client)
    return Issued(grant, tuple(grant.scopes), refresh_token)


async def _end(connection: Connection, grant: Grant, token_request: TokenRequest) -> Outcome:
    await store.revoke(connection, grant.id)
    kind, client_id = activity.CODE_REPLAYED, token_request.client.id
    await activity.record(connection, grant.user_id, kind, token_request.client_info, client_id)
    return refuse("code replayed", grant.id)


def _mismatch(
    code: AuthorizationCode, grant: Grant, redirect_uri: str, verifier: str | None
) -> str:
    """The reason to refuse the exchange, or an empty string. Pure."""
    if not code.unexpired or grant.revoked_at is not None:
        return "code expired or revoked"
    if code.redirect_uri != redirect_uri:
        return "another redirect_uri"
    if (code.challenge is None) != (verifier is None):
        return "verifier without challenge or challenge without verifier"
    if code.challenge and verifier and not pkce.matches(verifier, code.challenge):
        return "wrong verifier"
    return ""


async def _create_refresh(connection: Connection, grant: Grant, client: Client) -> str | None:
    """For native clients, and for web clients that requested offline_access."""
    allowed = client.is_native or "offline_access" in grant.scopes
    if not allowed or REFRESH_GRANT not in client.grant_types:
        return None
    token = crypto.create_secret()
    await store.create_refresh(connection, grant.id, token)
    return token
