"""Who asks, and may they: the access token is read and its scope checked."""

from inference_plane.pipeline.exchange import Exchange
from inference_plane.pipeline.plane import Plane
from shared.errors import Forbidden, Unauthorized
from shared.principal import SCOPE_INFERENCE


async def authenticate(exchange: Exchange, plane: Plane) -> None:
    """Raises Unauthorized or Forbidden."""
    if not exchange.credential:
        raise Unauthorized
    principal = plane.tokens.read(exchange.credential)
    if SCOPE_INFERENCE not in principal.scopes:
        raise Forbidden(
            f"This token lacks the scope {SCOPE_INFERENCE}.",
            details={"required_scope": SCOPE_INFERENCE},
        )
    exchange.principal = principal
