"""/auth/*: the account pages' flows for programs. Answers never tell who has an account, but for
registration, which must.
"""

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from control_plane.accounts import recovery, registration
from control_plane.api import bodies
from control_plane.api.call import Plane
from control_plane.kit.throttle import address_of
from control_plane.oidc.endpoints.answering import origin_of

_TRIES_MAX = 200
_FRESH = {"Cache-Control": "no-store"}

Short = Annotated[str, StringConstraints(max_length=1000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Register(_Body):
    email: Short
    password: Short


class _Token(_Body):
    token: Short


class _Email(_Body):
    email: Short


class _Reset(_Body):
    token: Short
    password: Short


async def register(request: web.Request, plane: Plane) -> web.Response:
    """201; 409 when the address is taken; 422 with every wrong field."""
    body = await bodies.read(request, _Register)
    await plane.provider.throttle.count("register", address_of(request), _TRIES_MAX)
    user = await registration.register(plane.provider, body.email, body.password)
    said = {"id": user.id, "email": user.email, "email_verified": False}
    return web.json_response(said, status=201, headers=_FRESH)


async def verify_email(request: web.Request, plane: Plane) -> web.Response:
    """404 for a link that is used or over."""
    body = await bodies.read(request, _Token)
    await registration.verify(plane.provider, body.token)
    return web.json_response({"success": True}, headers=_FRESH)


async def forgot_password(request: web.Request, plane: Plane) -> web.Response:
    """202, whoever it is."""
    body = await bodies.read(request, _Email)
    await plane.provider.throttle.count("forgot", address_of(request), _TRIES_MAX)
    await recovery.ask(plane.provider, body.email)
    return web.json_response({"success": True}, status=202, headers=_FRESH)


async def reset_password(request: web.Request, plane: Plane) -> web.Response:
    """404 for a link that is used or over, 422 for a password that cannot be."""
    body = await bodies.read(request, _Reset)
    await recovery.reset(plane.provider, body.token, body.password, origin_of(request))
    return web.json_response({"success": True}, headers=_FRESH)
