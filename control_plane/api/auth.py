"""/auth/*: sign-up, verification and password reset for programs.

Only registration reveals whether an address has an account.
"""

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from control_plane.api import bodies
from control_plane.api.request import ApiContext, signed_in
from control_plane.identity import recovery, signup
from control_plane.identity.throttle import Count
from control_plane.kit.client_info import client_info_of, client_network

_REQUESTS_MAX = 200

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
    """201; 409 when the address is taken; 422 with every invalid field."""
    body = await bodies.read(http, _Register)
    await _limit(http, context, "register")
    user = await signup.register(context.identity, body.email, body.password)
    values = {"id": user.id, "email": user.email, "email_verified": False}
    return web.json_response(values, status=201)


async def verify_email(http: web.Request, context: ApiContext) -> web.Response:
    """404 for a used or expired link. An access token of the user may be sent along."""
    body = await bodies.read(http, _Token)
    await signup.verify_email(context.identity, body.token, await signed_in(http, context))
    return web.json_response({"success": True})


async def forgot_password(http: web.Request, context: ApiContext) -> web.Response:
    """202 for every address."""
    body = await bodies.read(http, _Email)
    await _limit(http, context, "forgot")
    await recovery.request_reset(context.identity, body.email)
    return web.json_response({"success": True}, status=202)


async def reset_password(http: web.Request, context: ApiContext) -> web.Response:
    """404 for a used or expired link, 422 for an invalid password."""
    body = await bodies.read(http, _Reset)
    await _limit(http, context, "reset")
    client_info = client_info_of(http)
    await recovery.reset_password(context.identity, body.token, body.password, client_info)
    return web.json_response({"success": True})


async def _limit(http: web.Request, context: ApiContext, kind: str) -> None:
    """Raises TooManyAttempts."""
    limit = Count(kind, client_network(http), _REQUESTS_MAX)
    await context.identity.throttle.begin(limit)
