"""Client authentication (RFC 6749, section 2.3): client_secret_basic, client_secret_post, none."""

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
    """Authenticate the client. Raises OAuthError invalid_request (no id) or invalid_client."""
    by_header = "Authorization" in request.headers
    name, secret = _credentials(request, parameters)
    if name is None:
        raise invalid_request("no client authentication: client_id is missing")
    client = await clients.find_client(context.pool, name) if "\0" not in name else None
    if client is None or not _is_authentic(client, secret):
        raise invalid_client(by_header=by_header)
    return client


def _credentials(request: web.Request, parameters: Parameters) -> tuple[str | None, str | None]:
    name, secret = parameters.find("client_id"), parameters.find("client_secret")
    if "Authorization" not in request.headers:
        return name, secret
    basic_name, basic_secret = _basic(request.headers["Authorization"])
    if secret is not None or name not in {None, basic_name}:
        raise invalid_request("the client must use only one authentication method")
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


def _is_authentic(client: Client, secret: str | None) -> bool:
    if client.secret_hash is None:
        return not secret
    digest = crypto.digest(secret or "").hex()
    return crypto.is_same(digest, client.secret_hash)
