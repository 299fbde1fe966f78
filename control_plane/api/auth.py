"""/auth/*: the account pages' flows for programs. Answers never tell who has an account, but for
registration, which must.
"""

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from control_plane.api import bodies
from control_plane.api.request import ApiContext
from control_plane.identity import recovery, signup
from control_plane.kit.client_info import client_info_of, client_ip

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


async def register(http: web.Request, context: ApiContext) -> web.Response:
    """201; 409 when the address is taken; 422 with every wrong field."""
    body = await bodies.read(http, _Register)
    await context.identity.throttle.count("register", client_ip(http), _TRIES_MAX)
    user = await signup.register(context.identity, body.email, body.password)
    said = {"id": user.id, "email": user.email, "email_verified": False}
    return web.json_response(said, status=201, headers=_FRESH)


async def verify_email(http: web.Request, context: ApiContext) -> web.Response:
    """404 for a link that is used or over."""
    body = await bodies.read(http, _Token)
    await signup.verify(context.identity, body.token)
    return web.json_response({"success": True}, headers=_FRESH)


async def forgot_password(http: web.Request, context: ApiContext) -> web.Response:
    """202, whoever it is."""
    body = await bodies.read(http, _Email)
    await context.identity.throttle.count("forgot", client_ip(http), _TRIES_MAX)
    await recovery.ask(context.identity, body.email)
    return web.json_response({"success": True}, status=202, headers=_FRESH)


async def reset_password(http: web.Request, context: ApiContext) -> web.Response:
    """404 for a link that is used or over, 422 for a password that cannot be."""
    body = await bodies.read(http, _Reset)
    await recovery.reset(context.identity, body.token, body.password, client_info_of(http))
    return web.json_response({"success": True}, headers=_FRESH)
