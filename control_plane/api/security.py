"""/v1/users/me/security: second factors for programs, each change with the present password, and
with a code where there is a factor already: a token alone changes nothing. Passkeys are made on the
page, for they belong to the browser.
"""

from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from control_plane.accounts import changing
from control_plane.api import bodies
from control_plane.api.call import Call
from control_plane.kit.clock import rfc3339
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.oidc.store import has_factor
from control_plane.second_factors import enrolling, proving, store
from control_plane.second_factors.records import Factors

Secret = Annotated[str, StringConstraints(max_length=1000)]
_FRESH = {"Cache-Control": "no-store"}


class _Leave(BaseModel):
    model_config = ConfigDict(extra="forbid")

    current_password: Secret
    code: Secret = ""


class _Code(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Secret


async def load_security(call: Call) -> web.Response:
    factors = await store.load(call.plane.connections.pool, call.user.id)
    return web.json_response(_shown(factors), headers=_FRESH)


async def propose_totp(call: Call) -> web.Response:
    """201 with the secret for an app; it counts once its first code is shown. 409 while one is in
    use.
    """
    await _check(call)
    proposal = await enrolling.propose_totp(call.plane.provider, call.user.id)
    said = {"secret": proposal.secret, "otpauth_uri": proposal.address}
    return web.json_response(said, status=201, headers=_FRESH)


async def confirm_totp(call: Call) -> web.Response:
    """The recovery codes, told once; none where there are some already. 403 for a wrong code."""
    body = await bodies.read(call.request, _Code)
    origin = origin_of(call.request)
    codes = await enrolling.confirm_totp(call.plane.provider, call.user.id, body.code, origin)
    return web.json_response({"recovery_codes": codes}, headers=_FRESH)


async def remove_totp(call: Call) -> web.Response:
    """204."""
    await _check(call)
    await enrolling.remove_totp(call.plane.provider, call.user.id, origin_of(call.request))
    return web.Response(status=204)


async def renew_codes(call: Call) -> web.Response:
    """Ten new ones, told once."""
    await _check(call)
    origin = origin_of(call.request)
    codes = await enrolling.renew_recovery_codes(call.plane.provider, call.user.id, origin)
    return web.json_response({"recovery_codes": codes}, headers=_FRESH)


async def remove_passkey(call: Call) -> web.Response:
    """204; 404 for one that is not the caller's."""
    await _check(call)
    given = call.request.match_info["id"]
    origin = origin_of(call.request)
    credential_id = enrolling.read_id(given)
    await enrolling.remove_passkey(call.plane.provider, call.user.id, credential_id, origin)
    return web.Response(status=204)


async def _check(call: Call) -> None:
    """Raises WrongPassword, WrongCode or TooManyTries."""
    body = await bodies.read(call.request, _Leave)
    provider, user_id = call.plane.provider, call.user.id
    await changing.check_password(provider, user_id, body.current_password)
    if await has_factor(provider.pool, user_id):
        await proving.check_code(provider, user_id, body.code, origin_of(call.request))


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
