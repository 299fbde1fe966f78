"""grant_type=authorization_code. A code that comes a second time ends its whole grant, whatever
comes with it: either its client or somebody else has it who should not.
"""

from control_plane.activity import store as activity
from control_plane.identity.clients.records import REFRESH_GRANT, Client
from control_plane.identity.grants import store
from control_plane.identity.grants.records import Grant
from control_plane.identity.grants.store import Code
from control_plane.kit import crypto
from control_plane.kit.database import Connection
from control_plane.oauth import pkce
from control_plane.oauth.token.outcome import Issued, Outcome, refuse
from control_plane.oauth.token.request import Asking


async def exchange(connection: Connection, asking: Asking) -> Outcome:
    """Raises OAuthError for a missing or misshapen parameter."""
    code, redirect_uri = asking.parameters.load("code"), asking.parameters.load("redirect_uri")
    verifier = asking.load_verifier()
    found = await store.load_code(connection, code)
    if found is None:
        return refuse("unknown code")
    grant = await store.load(connection, found.grant_id)
    if grant.client_id != asking.client.id:
        return refuse("another client's code")
    if found.consumed:
        return await _end(connection, grant, asking)
    reason = _mismatch(found, grant, redirect_uri, verifier)
    if reason:
        return refuse(reason)
    await store.consume_code(connection, code)
    refresh_token = await _create_refresh(connection, grant, asking.client)
    return Issued(grant, tuple(grant.scopes), refresh_token)


async def _end(connection: Connection, grant: Grant, asking: Asking) -> Outcome:
    await store.revoke(connection, grant.id)
    kind, client_id = activity.CODE_REPLAYED, asking.client.id
    await activity.record(connection, grant.user_id, kind, asking.origin, client_id)
    return refuse("code replayed", grant.id)


def _mismatch(code: Code, grant: Grant, redirect_uri: str, verifier: str | None) -> str:
    """Why this exchange is refused; empty when it is not. Pure."""
    if not code.fresh or grant.revoked_at is not None:
        return "code expired or revoked"
    if code.redirect_uri != redirect_uri:
        return "another redirect_uri"
    if (code.challenge is None) != (verifier is None):
        return "verifier without challenge, or the other way round"
    if code.challenge and verifier and not pkce.matches(verifier, code.challenge):
        return "wrong verifier"
    return ""


async def _create_refresh(connection: Connection, grant: Grant, client: Client) -> str | None:
    """Native applications stay signed in; others if they asked to."""
    wanted = client.is_native or "offline_access" in grant.scopes
    if not wanted or REFRESH_GRANT not in client.grant_types:
        return None
    token = crypto.create_secret()
    await store.create_refresh(connection, grant.id, token)
    return token
