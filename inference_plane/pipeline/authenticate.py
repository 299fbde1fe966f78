"""Who asks, and may they: the access token or API key is read and its scope checked."""

from inference_plane.runtime.exchange import Exchange
from inference_plane.runtime.plane import Plane
from shared.api_keys import PREFIX
from shared.errors import Forbidden, Unauthorized
from shared.principal import SCOPE_INFERENCE


async def authenticate(exchange: Exchange, plane: Plane) -> None:
    """Raises Unauthorized or Forbidden."""
    if not exchange.credential:
        raise Unauthorized
    if exchange.credential.startswith(PREFIX):
        principal = await plane.api_keys.read(exchange.credential)
    else:
        principal = plane.tokens.read(exchange.credential)
        if plane.revocations.names(principal.session, principal.token_id):
            raise Unauthorized("This session has been ended: sign in again.")
    if SCOPE_INFERENCE not in principal.scopes:
        raise Forbidden(
            f"This token lacks the scope {SCOPE_INFERENCE}.",
            details={"required_scope": SCOPE_INFERENCE},
        )
    exchange.principal = principal
