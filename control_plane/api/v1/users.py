"""/v1/users/me: the caller's profile, password and e-mail address."""

from typing import Any

from aiohttp import web

from control_plane.api import bodies
from control_plane.api.recent_authentication import Confirmation, Secret, read_confirmed
from control_plane.api.request import ApiRequest
from control_plane.api.v1.preferences import to_json
from control_plane.billing import subscriptions as billing
from control_plane.identity import credentials, deletion, email_change, signup
from control_plane.identity.throttle import Count
from control_plane.identity.users import service as users
from control_plane.identity.users.input import ProfileInput
from control_plane.identity.users.records import Profile
from control_plane.kit.client_info import client_info_of
from control_plane.kit.clock import rfc3339
from control_plane.preferences import store

_EMAILS_MAX = 5


class _Password(Confirmation):
    new_password: Secret


class _Email(Confirmation):
    email: Secret


async def load_me(request: ApiRequest) -> web.Response:
    return web.json_response(_to_json(await _load(request)))


async def load_view(request: ApiRequest) -> web.Response:
    """Profile, subscription and preferences in one response, for the desktop app."""
    pool = request.pool
    subscription = await billing.find_subscription(pool, request.user.id)
    preferred = await store.find(pool, request.user.id)
    plan = subscription and {
        "tier": request.user.tier,
        "status": subscription.status,
        "current_period_start": rfc3339(subscription.current_period_start),
        "current_period_end": rfc3339(subscription.current_period_end),
    }
    about = {"subscription": plan, "preferences": to_json(preferred)}
    return web.json_response({**_to_json(await _load(request)), **about})


async def change_me(request: ApiRequest) -> web.Response:
    """200 with the profile and updated_at; 409 when the username is taken."""
    body = await bodies.read(request.http, ProfileInput)
    pool = request.pool
    profile = await users.change_profile(pool, request.user.id, body.to_update())
    return web.json_response({**_to_json(profile), "updated_at": rfc3339(profile.updated_at)})


async def delete_me(request: ApiRequest) -> web.Response:
    """204, once confirmed. Signing in within 30 days restores the account."""
    await read_confirmed(request, Confirmation, code_required=True)
    client_info = client_info_of(request.http)
    await deletion.delete_account(request.identity, request.user.id, client_info)
    return web.Response(status=204)


async def change_password(request: ApiRequest) -> web.Response:
    """204, once confirmed. Signs out everywhere, including this application."""
    body = await read_confirmed(request, _Password)
    client_info = client_info_of(request.http)
    await credentials.replace_password(
        request.identity, request.user.id, body.new_password, client_info
    )
    return web.Response(status=204)


async def change_email(request: ApiRequest) -> web.Response:
    """202, once confirmed. The change takes effect when the link in the mail is used."""
    body = await read_confirmed(request, _Email)
    await email_change.request_change(request.identity, request.user.id, body.email)
    return web.json_response({"success": True}, status=202)


async def resend_verification(request: ApiRequest) -> web.Response:
    """202. Sends another verification e-mail unless the address is verified."""
    await request.identity.throttle.begin(Count("verification", request.user.id, _EMAILS_MAX))
    await signup.resend_verification(request.identity, request.user.id)
    return web.json_response({"success": True}, status=202)


async def _load(request: ApiRequest) -> Profile:
    return await users.load_profile(request.pool, request.user.id)


def _to_json(profile: Profile) -> dict[str, Any]:
    login = profile.last_login_at
    return {
        "id": profile.id,
        "email": profile.email,
        "email_verified": profile.email_verified,
        "username": profile.username,
        "first_name": profile.first_name,
        "last_name": profile.last_name,
        "profile_picture_url": profile.profile_picture_url,
        "created_at": rfc3339(profile.created_at),
        "last_login_at": rfc3339(login) if login else None,
    }
