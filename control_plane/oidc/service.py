"""Issues access tokens: only to a client we know, only for scopes that client may have."""

from collections.abc import Sequence
from dataclasses import dataclass

from control_plane.kit.database import Pool
from control_plane.oidc import store, tokens
from control_plane.oidc.keys import Keys
from shared.errors import NotFound, ValidationFailed

DESKTOP_CLIENT = "textassistant-desktop"


@dataclass(frozen=True, slots=True)
class Ask:
    """A token for this user through this client; `scopes` None: all that the client may have."""

    user_id: str
    scopes: Sequence[str] | None = None
    client_id: str = DESKTOP_CLIENT


async def issue(pool: Pool, keys: Keys, issuer: str, ask: Ask) -> str:
    """Raises NotFound (no such client) or ValidationFailed (a scope it may not have)."""
    client = await store.find_client(pool, ask.client_id)
    if client is None:
        raise NotFound(f"There is no client {ask.client_id}: has the database been seeded?")
    scopes = tuple(client.scopes if ask.scopes is None else ask.scopes)
    unknown = [scope for scope in scopes if scope not in client.scopes]
    if unknown:
        message = f"{client.name} may not have {', '.join(unknown)}"
        raise ValidationFailed(
            f"{message}; it may have {', '.join(client.scopes)}.",
            param="scope",
            details={"fields": [{"field": "scope", "message": message}]},
        )
    grant = tokens.Grant(ask.user_id, client.id, scopes)
    return tokens.mint(await keys.load_signing(), issuer, grant)
