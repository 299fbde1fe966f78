"""Which client calls the token endpoint and its neighbours, and whether it is that client."""

import base64
from urllib.parse import unquote_plus

from aiohttp import web

from control_plane.identity.clients import store as clients
from control_plane.identity.clients.records import Client
from control_plane.identity.context import IdentityContext
from control_plane.kit import crypto
from control_plane.oauth.errors import invalid_client, invalid_request
from control_plane.oauth.parameters import Parameters

METHODS = ("none", "client_secret_basic", "client_secret_post")


async def load_client(
    context: IdentityContext, request: web.Request, parameters: Parameters
) -> Client:
    """Raises OAuthError: invalid_request without any name, invalid_client for a wrong proof."""
    by_header = "Authorization" in request.headers
    name, secret = _given(request, parameters)
    if name is None:
        raise invalid_request("no client authentication: client_id is missing")
    client = await clients.find_client(context.pool, name) if "\0" not in name else None
    if client is None or not _proves(client, secret):
        raise invalid_client(by_header=by_header)
    return client


def _given(request: web.Request, parameters: Parameters) -> tuple[str | None, str | None]:
    name, secret = parameters.find("client_id"), parameters.find("client_secret")
    if "Authorization" not in request.headers:
        return name, secret
    basic_name, basic_secret = _basic(request.headers["Authorization"])
    if secret is not None or name not in {None, basic_name}:
        raise invalid_request("the client proves itself in one way only")
    return basic_name, basic_secret


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    try:
        name, separator, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError as error:
        raise invalid_client(by_header=True) from error
    if scheme.lower() != "basic" or not separator:
        raise invalid_client(by_header=True)
    return unquote_plus(name), unquote_plus(secret)


def _proves(client: Client, secret: str | None) -> bool:
    if client.secret_hash is None:
        return not secret
    digest = crypto.digest(secret or "").hex()
    return crypto.is_same(digest, client.secret_hash)
