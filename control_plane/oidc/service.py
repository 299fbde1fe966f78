"""Issues access tokens to the command line: of a real grant, which can be seen and revoked."""

from collections.abc import Sequence
from dataclasses import dataclass

from control_plane.kit import clock
from control_plane.kit.database import Pool
from control_plane.oidc import store, tokens
from control_plane.oidc.grants import store as grants
from control_plane.oidc.keys import Keys
from control_plane.oidc.records import NewGrant, Origin
from shared.errors import NotFound, ValidationFailed

DESKTOP_CLIENT = "textassistant-desktop"
_COMMAND_LINE = Origin("", "headrace command line")


@dataclass(frozen=True, slots=True)
class Ask:
    """A token for this user through this client; `scopes` None: all that the client may have."""

    user_id: str
    scopes: Sequence[str] | None = None
    client_id: str = DESKTOP_CLIENT


async def issue(pool: Pool, keys: Keys, issuer: str, ask: Ask) -> str:
    """Raises NotFound (no such client) or ValidationFailed (a scope it may not have)."""
    scopes = await _check_scopes(pool, ask)
    new = NewGrant(ask.user_id, ask.client_id, scopes, clock.now(), ("operator",))
    grant_id = await grants.create(pool, new, _COMMAND_LINE)
    access = tokens.Access(ask.user_id, ask.client_id, scopes, grant_id)
    return tokens.mint(await keys.load_signing(), issuer, access)


async def _check_scopes(pool: Pool, ask: Ask) -> tuple[str, ...]:
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
    return scopes
