"""Verify the access token or API key, and require the scope for inference."""

from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange
from shared.auth import api_keys
from shared.auth.principal import SCOPE_INFERENCE
from shared.errors import Unauthorized


async def authenticate(exchange: Exchange, runtime: Runtime) -> None:
    """Raises Unauthorized or Forbidden; ServiceUnavailable when a key cannot be looked up."""
    if not exchange.credential:
        raise Unauthorized
    if exchange.credential.startswith(api_keys.PREFIX):
        principal = await runtime.api_keys.verify(exchange.credential)
    else:
        principal = runtime.tokens.verify(exchange.credential)
        if runtime.revocations.includes(principal.session, principal.token_id):
            raise Unauthorized("This session has ended. Sign in again.")
    principal.require(SCOPE_INFERENCE)
    exchange.principal = principal
