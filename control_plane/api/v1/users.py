"""/v1/users/me: who the caller is, and what of it the caller may change."""

from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from control_plane.api import bodies
from control_plane.api.request import ApiRequest
from control_plane.api.v1.preferences import shown
from control_plane.billing import subscriptions as billing
from control_plane.identity import credentials, sign_out, signup
from control_plane.identity.users import service as users
from control_plane.identity.users.input import ProfileChange
from control_plane.identity.users.records import Profile
from control_plane.kit.client_info import client_info_of
from control_plane.kit.clock import rfc3339
from control_plane.preferences import store

Secret = Annotated[str, StringConstraints(max_length=1000)]

_MAILS_MAX = 5


class _Password(BaseModel):
    model_config = ConfigDict(extra="forbid")

    current_password: Secret
    new_password: Secret


class _Email(BaseModel):
    model_config = ConfigDict(extra="forbid")

    current_password: Secret
    email: Secret


async def load_me(request: ApiRequest) -> web.Response:
    return web.json_response(_shown(await _load(request)))


async def load_view(request: ApiRequest) -> web.Response:
    """What the desktop app draws: profile, subscription and preferences at once."""
    pool = request.pool
    subscription = await billing.find_subscription(pool, request.user.id)
    preferred = await store.find(pool, request.user.id)
    plan = subscription and {
        "tier": request.user.tier,
        "status": subscription.status,
        "current_period_start": rfc3339(subscription.current_period_start),
        "current_period_end": rfc3339(subscription.current_period_end),
    }
    about = {"subscription": plan, "preferences": shown(preferred)}
    return web.json_response({**_shown(await _load(request)), **about})


async def change_me(request: ApiRequest) -> web.Response:
    """The profile with updated_at. 409 for a username that is taken."""
    body = await bodies.read(request.http, ProfileChange)
    pool = request.pool
    profile = await users.change_profile(pool, request.user.id, body.to_change())
    return web.json_response({**_shown(profile), "updated_at": rfc3339(profile.updated_at)})


async def delete_me(request: ApiRequest) -> web.Response:
    """204. For thirty days a login brings the account back."""
    origin = client_info_of(request.http)
    await sign_out.delete_account(request.identity, request.user.id, origin)
    return web.Response(status=204)


async def change_password(request: ApiRequest) -> web.Response:
    """204; everything is signed out, this application too."""
    body = await bodies.read(request.http, _Password)
    provider, origin = request.identity, client_info_of(request.http)
    given, wanted = body.current_password, body.new_password
    await credentials.change_password(provider, request.user.id, given, wanted, origin)
    return web.Response(status=204)


async def change_email(request: ApiRequest) -> web.Response:
    """202: it is changed once the link sent to the new address is opened."""
    body = await bodies.read(request.http, _Email)
    given, wanted = body.current_password, body.email
    await credentials.ask_email(request.identity, request.user.id, given, wanted)
    return web.json_response({"success": True}, status=202)


async def verify_again(request: ApiRequest) -> web.Response:
    """202: another mail goes out, unless the address is verified already."""
    await request.identity.throttle.count("verification", request.user.id, _MAILS_MAX)
    await signup.verify_again(request.identity, request.user.id)
    return web.json_response({"success": True}, status=202)


async def _load(request: ApiRequest) -> Profile:
    return await users.load_profile(request.pool, request.user.id)


def _shown(profile: Profile) -> dict[str, Any]:
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
