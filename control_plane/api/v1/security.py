"""/v1/users/me/security: second factors.

Every change has to be confirmed (`api.recent_authentication`). Passkeys are added on the account
page, since they need a browser.
"""

from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from control_plane.api import bodies
from control_plane.api.recent_authentication import Confirmation, Secret, read_confirmed
from control_plane.api.request import ApiRequest
from control_plane.identity.mfa import enrollment, store
from control_plane.identity.mfa.records import Factors
from control_plane.kit.client_info import client_info_of
from control_plane.kit.clock import rfc3339


class _Code(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Secret


async def load_security(request: ApiRequest) -> web.Response:
    factors = await store.load(request.pool, request.user.id)
    return web.json_response(_to_json(factors))


async def begin_totp(request: ApiRequest) -> web.Response:
    """201 with a secret that takes effect with its first code; 409 while one is in use."""
    await _check(request)
    pending = await enrollment.begin_totp(request.identity, request.user.id)
    values = {"secret": pending.secret, "otpauth_uri": pending.uri}
    return web.json_response(values, status=201)


async def confirm_totp(request: ApiRequest) -> web.Response:
    """200 with recovery codes, or none if the user has some; 403 for an incorrect code."""
    body = await bodies.read(request.http, _Code)
    client_info = client_info_of(request.http)
    codes = await enrollment.confirm_totp(request.identity, request.user.id, body.code, client_info)
    return web.json_response({"recovery_codes": codes})


async def remove_totp(request: ApiRequest) -> web.Response:
    """204."""
    await _check(request)
    await enrollment.remove_totp(request.identity, request.user.id, client_info_of(request.http))
    return web.Response(status=204)


async def regenerate_codes(request: ApiRequest) -> web.Response:
    """200 with ten new codes, which cannot be shown again."""
    await _check(request)
    client_info = client_info_of(request.http)
    codes = await enrollment.regenerate_recovery_codes(
        request.identity, request.user.id, client_info
    )
    return web.json_response({"recovery_codes": codes})


async def remove_passkey(request: ApiRequest) -> web.Response:
    """204; 404 for another user's passkey."""
    await _check(request)
    passkey_id = request.http.match_info["id"]
    client_info = client_info_of(request.http)
    credential_id = enrollment.parse_credential_id(passkey_id)
    await enrollment.remove_passkey(request.identity, request.user.id, credential_id, client_info)
    return web.Response(status=204)


async def _check(request: ApiRequest) -> None:
    await read_confirmed(request, Confirmation, code_required=True)


def _to_json(factors: Factors) -> dict[str, Any]:
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
