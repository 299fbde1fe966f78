"""/v1/users/me: who the caller is, and what of it the caller may change."""

from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from control_plane.accounts import changing, leaving, registration
from control_plane.accounts.profiles import ProfileChange
from control_plane.api import bodies
from control_plane.api.call import Call
from control_plane.api.preferences import shown
from control_plane.billing import service as billing
from control_plane.kit.clock import rfc3339
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.users import preferences
from control_plane.users import service as users
from control_plane.users.records import Profile

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


async def load_me(call: Call) -> web.Response:
    return web.json_response(_shown(await _load(call)))


async def load_view(call: Call) -> web.Response:
    """What the desktop app draws: profile, subscription and preferences at once."""
    pool = call.plane.connections.pool
    subscription = await billing.find_subscription(pool, call.user.id)
    preferred = await preferences.find(pool, call.user.id)
    plan = subscription and {
        "tier": call.user.tier,
        "status": subscription.status,
        "current_period_start": rfc3339(subscription.current_period_start),
        "current_period_end": rfc3339(subscription.current_period_end),
    }
    about = {"subscription": plan, "preferences": shown(preferred)}
    return web.json_response({**_shown(await _load(call)), **about})


async def change_me(call: Call) -> web.Response:
    """The profile with updated_at. 409 for a username that is taken."""
    body = await bodies.read(call.request, ProfileChange)
    pool = call.plane.connections.pool
    profile = await users.change_profile(pool, call.user.id, body.to_change())
    return web.json_response({**_shown(profile), "updated_at": rfc3339(profile.updated_at)})


async def delete_me(call: Call) -> web.Response:
    """204. For thirty days a login brings the account back."""
    origin = origin_of(call.request)
    await leaving.delete_account(call.plane.provider, call.user.id, origin)
    return web.Response(status=204)


async def change_password(call: Call) -> web.Response:
    """204; everything is signed out, this application too."""
    body = await bodies.read(call.request, _Password)
    provider, origin = call.plane.provider, origin_of(call.request)
    given, wanted = body.current_password, body.new_password
    await changing.change_password(provider, call.user.id, given, wanted, origin)
    return web.Response(status=204)


async def change_email(call: Call) -> web.Response:
    """202: it is changed once the link sent to the new address is opened."""
    body = await bodies.read(call.request, _Email)
    given, wanted = body.current_password, body.email
    await changing.ask_email(call.plane.provider, call.user.id, given, wanted)
    return web.json_response({"success": True}, status=202)


async def verify_again(call: Call) -> web.Response:
    """202: another mail goes out, unless the address is verified already."""
    await call.plane.provider.throttle.count("verification", call.user.id, _MAILS_MAX)
    await registration.verify_again(call.plane.provider, call.user.id)
    return web.json_response({"success": True}, status=202)


async def _load(call: Call) -> Profile:
    return await users.load_profile(call.plane.connections.pool, call.user.id)


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
