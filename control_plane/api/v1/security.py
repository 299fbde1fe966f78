"""/v1/users/me/security: second factors for programs, each change with the present password, and
with a code where there is a factor already: a token alone changes nothing. Passkeys are made on the
page, for they belong to the browser.
"""

from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from control_plane.api import bodies
from control_plane.api.request import ApiRequest
from control_plane.identity import credentials
from control_plane.identity.mfa import enrollment, store, verification
from control_plane.identity.mfa.records import Factors
from control_plane.identity.mfa.store import has_factor
from control_plane.kit.client_info import client_info_of
from control_plane.kit.clock import rfc3339

Secret = Annotated[str, StringConstraints(max_length=1000)]
_FRESH = {"Cache-Control": "no-store"}


class _Leave(BaseModel):
    model_config = ConfigDict(extra="forbid")

    current_password: Secret
    code: Secret = ""


class _Code(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Secret


async def load_security(request: ApiRequest) -> web.Response:
    factors = await store.load(request.pool, request.user.id)
    return web.json_response(_shown(factors), headers=_FRESH)


async def propose_totp(request: ApiRequest) -> web.Response:
    """201 with the secret for an app; it counts once its first code is shown. 409 while one is in
    use.
    """
    await _check(request)
    proposal = await enrollment.propose_totp(request.identity, request.user.id)
    said = {"secret": proposal.secret, "otpauth_uri": proposal.address}
    return web.json_response(said, status=201, headers=_FRESH)


async def confirm_totp(request: ApiRequest) -> web.Response:
    """The recovery codes, told once; none where there are some already. 403 for a wrong code."""
    body = await bodies.read(request.http, _Code)
    origin = client_info_of(request.http)
    codes = await enrollment.confirm_totp(request.identity, request.user.id, body.code, origin)
    return web.json_response({"recovery_codes": codes}, headers=_FRESH)


async def remove_totp(request: ApiRequest) -> web.Response:
    """204."""
    await _check(request)
    await enrollment.remove_totp(request.identity, request.user.id, client_info_of(request.http))
    return web.Response(status=204)


async def renew_codes(request: ApiRequest) -> web.Response:
    """Ten new ones, told once."""
    await _check(request)
    origin = client_info_of(request.http)
    codes = await enrollment.renew_recovery_codes(request.identity, request.user.id, origin)
    return web.json_response({"recovery_codes": codes}, headers=_FRESH)


async def remove_passkey(request: ApiRequest) -> web.Response:
    """204; 404 for one that is not the caller's."""
    await _check(request)
    given = request.http.match_info["id"]
    origin = client_info_of(request.http)
    credential_id = enrollment.read_id(given)
    await enrollment.remove_passkey(request.identity, request.user.id, credential_id, origin)
    return web.Response(status=204)


async def _check(request: ApiRequest) -> None:
    """Raises WrongPassword, WrongCode or TooManyTries."""
    body = await bodies.read(request.http, _Leave)
    provider, user_id = request.identity, request.user.id
    await credentials.check_password(provider, user_id, body.current_password)
    if await has_factor(provider.pool, user_id):
        await verification.check_code(provider, user_id, body.code, client_info_of(request.http))


def _shown(factors: Factors) -> dict[str, Any]:
    return {
        "totp": factors.totp,
        "recovery_codes_left": factors.recovery_codes,
        "passkeys": [
            {
                "id": each.credential_id.hex(),
                "name": each.name,
                "created_at": rfc3339(each.created_at),
                "last_used_at": rfc3339(each.last_used_at) if each.last_used_at else None,
            }
            for each in factors.passkeys
        ],
    }
