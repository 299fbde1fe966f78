"""What a verifier of our tokens needs to find: the issuer and its keys. Only what is true now."""

from aiohttp import web

from control_plane.api.call import Plane
from shared import principal

_CACHE = {"Cache-Control": "public, max-age=60"}


async def configuration(_: web.Request, plane: Plane) -> web.Response:
    """The provider's metadata; it grows with the endpoints there are."""
    issuer = plane.settings.public_url
    body = {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/oauth/jwks",
        "scopes_supported": [
            principal.SCOPE_INFERENCE,
            principal.SCOPE_MODELS,
            principal.SCOPE_USER,
            principal.SCOPE_CREDITS,
        ],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [principal.ALGORITHM],
    }
    return web.json_response(body, headers=_CACHE)


async def jwks(_: web.Request, plane: Plane) -> web.Response:
    """Public keys; a `kid` is its key's RFC 7638 thumbprint."""
    return web.json_response(await plane.connections.keys.load_public(), headers=_CACHE)
