"""GET and POST /oauth/userinfo (OpenID Connect Core, section 5.3).

The token is sent in the header or in a form (RFC 6750); not in the URL, which gets logged.
"""

from aiohttp import web

from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import store as grants
from control_plane.identity.users import service as users
from control_plane.oauth import claims
from control_plane.oauth.errors import OAuthError
from control_plane.oauth.parameters import Parameters, parse_form
from control_plane.oauth.responses import no_store_json
from shared.auth import access_tokens
from shared.auth.principal import Principal
from shared.errors import Unauthorized


async def userinfo(request: web.Request, context: IdentityContext) -> web.Response:
    """Raises OAuthError: 400 for a malformed request, 401 without a valid token, 403 without the
    scope openid; each with its challenge (RFC 6750, section 3).
    """
    principal = await _check(context, await _token(request, context))
    if "openid" not in principal.scopes:
        raise _challenge(context, "insufficient_scope", "the scope openid is required", 403)
    grant = await grants.find_live(context.pool, principal.session)
    profile = await users.find_profile(context.pool, principal.user_id)
    if grant is None or profile is None:
        raise _challenge(context, "invalid_token", "the token was revoked")
    requested = claims.by_request(profile, grant.claims, "userinfo")
    granted = claims.by_scopes(profile, sorted(principal.scopes))
    return no_store_json({"sub": principal.user_id, **requested, **granted})


async def _token(request: web.Request, context: IdentityContext) -> str:
    if "access_token" in request.query:
        raise _invalid_request(context, "the access token must not be in the URL")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        if scheme.lower() != "bearer" or not token.strip():
            description = "the Authorization header must be Bearer followed by a token"
            raise _invalid_request(context, description)
        return token.strip()
    if request.method == "POST" and request.content_length:
        form = (await _form(request, context)).find("access_token")
        if form is not None:
            return form
    raise OAuthError(
        "invalid_token",
        "no access token provided",
        status=401,
        headers={"WWW-Authenticate": f'Bearer realm="{context.issuer}"'},
    )


async def _form(request: web.Request, context: IdentityContext) -> Parameters:
    try:
        return await parse_form(request)
    except OAuthError as error:
        raise _invalid_request(context, error.description) from error


async def _check(context: IdentityContext, token: str) -> Principal:
    try:
        return access_tokens.verify(token, await context.keys.load_verifiers(), context.issuer)
    except Unauthorized as error:
        raise _challenge(context, "invalid_token", "the token is not valid") from error


def _invalid_request(context: IdentityContext, description: str) -> OAuthError:
    return _challenge(context, "invalid_request", description, 400)


def _challenge(
    context: IdentityContext, error: str, description: str, status: int = 401
) -> OAuthError:
    parts = [f'realm="{context.issuer}"', f'error="{error}"']
    parts += [f'error_description="{description}"']
    parts += ['scope="openid"'] if error == "insufficient_scope" else []
    headers = {"WWW-Authenticate": f"Bearer {', '.join(parts)}"}
    return OAuthError(error, description, status=status, headers=headers)
