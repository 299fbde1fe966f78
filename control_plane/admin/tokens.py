"""Access tokens for development, issued from a real grant that can be listed and revoked."""

from collections.abc import Sequence

from control_plane.identity.clients import store as clients
from control_plane.identity.grants import store as grants
from control_plane.identity.grants.records import NewGrant
from control_plane.identity.tokens import access_tokens
from control_plane.identity.tokens.signing_keys import Keys
from control_plane.identity.users import service as users
from control_plane.kit import clock
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Pool
from shared.errors import NotFound, ValidationFailed

DESKTOP_CLIENT = "textassistant-desktop"
_COMMAND_LINE = ClientInfo("", "headrace command line")


async def issue_token(
    pool: Pool, keys: Keys, issuer: str, email: str, scopes: Sequence[str] | None = None
) -> str:
    """An access token (RFC 9068) as the desktop client gets it; None means all its scopes.

    Raises NotFound (no such user or client) or ValidationFailed (a scope the client may not have).
    """
    user = await users.load_by_email(pool, email)
    granted = await _check_scopes(pool, scopes)
    new = NewGrant(user.id, DESKTOP_CLIENT, granted, clock.now(), ("operator",))
    grant_id = await grants.create(pool, new, _COMMAND_LINE)
    access = access_tokens.AccessTokenClaims(user.id, DESKTOP_CLIENT, granted, grant_id)
    return access_tokens.mint(await keys.load_signing(), issuer, access)


async def _check_scopes(pool: Pool, requested: Sequence[str] | None) -> tuple[str, ...]:
    client = await clients.find_client(pool, DESKTOP_CLIENT)
    if client is None:
        raise NotFound(f"There is no client {DESKTOP_CLIENT}. Run `headrace migrate` first.")
    scopes = tuple(client.scopes if requested is None else requested)
    unknown = [scope for scope in scopes if scope not in client.scopes]
    if unknown:
        message = f"{client.name} may not have {', '.join(unknown)}"
        raise ValidationFailed(
            f"{message}; it may have {', '.join(client.scopes)}.",
            param="scope",
            details={"fields": [{"field": "scope", "message": message}]},
        )
    return scopes
