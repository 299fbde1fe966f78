"""Validates and registers clients (RFC 7591; redirect URI rules of RFC 8252 and RFC 9700)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from control_plane.identity.clients import store as clients
from control_plane.identity.clients.records import CODE_GRANT, SCOPE_DESCRIPTIONS, Client
from control_plane.kit import crypto
from control_plane.kit.database import Connection, Pool
from shared.errors import Conflict, NotFound, ValidationFailed

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")
_UNSAFE = "must be https, http on loopback, or a private-use scheme with a dot, without fragment"

FieldError = dict[str, str]


async def register(
    source: Connection | Pool, client: Client, *, confidential: bool
) -> tuple[Client, str | None]:
    """Store the client; returns it with its secret, of which only a digest is stored.

    Raises ValidationFailed with every invalid field, or Conflict when the id is taken.
    """
    validate(client)
    secret = crypto.create_secret() if confidential else None
    registered = replace(client, secret_hash=crypto.digest(secret).hex() if secret else None)
    if not await clients.create_client(source, registered):
        raise Conflict("A client with this id already exists.")
    return registered, secret


async def rotate_secret(source: Connection | Pool, client_id: str) -> str:
    """Replace the secret and return the new one. Raises NotFound for a client without a secret."""
    secret = crypto.create_secret()
    if not await clients.change_secret(source, client_id, crypto.digest(secret).hex()):
        raise NotFound(f"There is no confidential client {client_id}.")
    return secret


def validate(client: Client) -> None:
    """Raises ValidationFailed with every invalid field. Pure."""
    field_errors = [*_check_names(client), *_check_uris(client), *_check_scopes(client)]
    if field_errors:
        raise ValidationFailed(details={"fields": field_errors})


def check_redirect_uris(uris: Sequence[str]) -> None:
    """Raises ValidationFailed with every unsafe URI. Pure."""
    field_errors = list(_unsafe("redirect_uris", uris))
    if field_errors:
        raise ValidationFailed(details={"fields": field_errors})


def _check_names(client: Client) -> Iterator[FieldError]:
    if not _ID.fullmatch(client.id):
        yield _error("client_id", "must be 2 to 63 letters, digits, dots, dashes or underscores")
    if not client.name.strip() or not client.name.isprintable() or len(client.name) > 100:
        yield _error("name", "must be 1 to 100 printable characters")
    if client.application_type not in ("native", "web"):
        yield _error("application_type", "must be native or web")


def _check_uris(client: Client) -> Iterator[FieldError]:
    if CODE_GRANT in client.grant_types and not client.redirect_uris:
        yield _error("redirect_uris", "must contain at least one URI")
    yield from _unsafe("redirect_uris", client.redirect_uris)
    yield from _unsafe("post_logout_redirect_uris", client.post_logout_redirect_uris)


def _check_scopes(client: Client) -> Iterator[FieldError]:
    unknown = [scope for scope in client.scopes if scope not in SCOPE_DESCRIPTIONS]
    if unknown or not client.scopes:
        yield _error("scopes", f"must be of {', '.join(SCOPE_DESCRIPTIONS)}")
    if "admin" in client.scopes and client.is_native:
        yield _error("scopes", "may include admin only for a web application")


def _unsafe(field: str, uris: Sequence[str]) -> Iterator[FieldError]:
    for number, uri in enumerate(uris):
        if not _is_safe(uri):
            yield _error(f"{field}.{number}", _UNSAFE)


def _error(field: str, message: str) -> FieldError:
    return {"field": field, "message": message}


def _is_safe(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return False
    if not uri.isascii() or not uri.isprintable() or {" ", "#"} & set(uri) or "@" in parts.netloc:
        return False
    if parts.scheme == "https":
        return bool(host)
    if parts.scheme == "http":
        return host in _LOOPBACK
    return _PRIVATE_SCHEME.fullmatch(parts.scheme) is not None
