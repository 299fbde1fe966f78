"""Discovery metadata (OpenID Connect Discovery 1.0, RFC 8414) and the JWKS; both cacheable."""

import hashlib
import json
from typing import Any

from aiohttp import web

from control_plane.identity.clients.records import SCOPE_DESCRIPTIONS
from control_plane.identity.context import IdentityContext
from control_plane.identity.tokens import id_tokens
from control_plane.oauth import claims
from control_plane.oauth.authorize.steps.load_prompt import PROMPTS
from control_plane.oauth.authorize.steps.load_response import MODES
from control_plane.oauth.client_authentication import METHODS
from control_plane.oauth.token.endpoint import GRANTS
from shared.auth.access_tokens import ALGORITHM
from shared.links import Links

_MAX_AGE_S = 300


async def configuration(request: web.Request, context: IdentityContext) -> web.Response:
    """Served at both well-known URLs."""
    return _public(request, describe(context.issuer))


async def jwks(request: web.Request, context: IdentityContext) -> web.Response:
    """Public keys (RFC 7517). A `kid` is the thumbprint of its key (RFC 7638)."""
    return _public(request, await context.keys.load_public())


def describe(issuer: str) -> dict[str, Any]:
    """The metadata of this issuer."""
    links = Links(issuer)
    return {
        "issuer": issuer,
        "authorization_endpoint": links.oauth("authorize"),
        "token_endpoint": links.oauth("token"),
        "userinfo_endpoint": links.oauth("userinfo"),
        "jwks_uri": links.oauth("jwks"),
        "revocation_endpoint": links.oauth("revoke"),
        "end_session_endpoint": links.oauth("logout"),
        "device_authorization_endpoint": links.oauth("device_authorization"),
        "scopes_supported": list(SCOPE_DESCRIPTIONS),
        "response_types_supported": ["code"],
        "response_modes_supported": list(MODES),
        "grant_types_supported": list(GRANTS),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": list(METHODS),
        "revocation_endpoint_auth_methods_supported": list(METHODS),
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": list(PROMPTS),
        "acr_values_supported": list(id_tokens.ACRS),
        "claim_types_supported": ["normal"],
        "claims_supported": list(claims.SUPPORTED),
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "require_request_uri_registration": False,
        "ui_locales_supported": ["en"],
        "authorization_response_iss_parameter_supported": True,
    }


def _public(request: web.Request, body: Any) -> web.Response:
    text = json.dumps(body)
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {
        "Cache-Control": f"public, max-age={_MAX_AGE_S}",
        "ETag": tag,
        "Access-Control-Allow-Origin": "*",
    }
    if tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    return web.json_response(text=text, headers=headers)
