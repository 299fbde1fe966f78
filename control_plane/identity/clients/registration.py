"""Takes applications in: with redirect URIs nobody else can listen on, and scopes there are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from control_plane.identity.clients import store as clients
from control_plane.identity.clients.records import CODE_GRANT, SCOPE_TEXTS, Client
from control_plane.kit import crypto
from control_plane.kit.database import Connection, Pool
from shared.errors import Conflict, NotFound, ValidationFailed

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")
_UNSAFE = "must be https, http on loopback, or a private scheme with a dot; no fragment"

Fault = dict[str, str]


async def register(
    source: Connection | Pool, client: Client, *, confidential: bool
) -> tuple[Client, str | None]:
    """The client and its secret, which nobody can tell again.

    Raises ValidationFailed, naming every field that is wrong, or Conflict.
    """
    check(client)
    secret = crypto.create_secret() if confidential else None
    made = replace(client, secret_hash=crypto.digest(secret).hex() if secret else None)
    if not await clients.create_client(source, made):
        raise Conflict("There is a client of this name already.")
    return made, secret


async def rotate_secret(source: Connection | Pool, client_id: str) -> str:
    """A new secret; the old one proves nothing any more. Raises NotFound."""
    secret = crypto.create_secret()
    if not await clients.change_secret(source, client_id, crypto.digest(secret).hex()):
        raise NotFound(f"There is no confidential client {client_id}.")
    return secret


def check(client: Client) -> None:
    """Raises ValidationFailed with every fault. Pure."""
    faults = [*_of_names(client), *_of_uris(client), *_of_scopes(client)]
    if faults:
        raise ValidationFailed(details={"fields": faults})


def check_redirect_uris(uris: Sequence[str]) -> None:
    """Raises ValidationFailed, naming every one that is not safe. Pure."""
    faults = list(_unsafe("redirect_uris", uris))
    if faults:
        raise ValidationFailed(details={"fields": faults})


def _of_names(client: Client) -> Iterator[Fault]:
    if not _ID.fullmatch(client.id):
        yield _fault("client_id", "must be 2 to 63 letters, digits, dots, dashes or underscores")
    if not client.name.strip() or not client.name.isprintable() or len(client.name) > 100:
        yield _fault("name", "must be 1 to 100 printable characters: users see it")
    if client.application_type not in ("native", "web"):
        yield _fault("application_type", "must be native or web")


def _of_uris(client: Client) -> Iterator[Fault]:
    if CODE_GRANT in client.grant_types and not client.redirect_uris:
        yield _fault("redirect_uris", "must name at least one")
    yield from _unsafe("redirect_uris", client.redirect_uris)
    yield from _unsafe("post_logout_redirect_uris", client.post_logout_redirect_uris)


def _of_scopes(client: Client) -> Iterator[Fault]:
    unknown = [scope for scope in client.scopes if scope not in SCOPE_TEXTS]
    if unknown or not client.scopes:
        yield _fault("scopes", f"must be of {', '.join(SCOPE_TEXTS)}")
    if "admin" in client.scopes and client.is_native:
        yield _fault("scopes", "may hold admin for a web application only")


def _unsafe(field: str, uris: Sequence[str]) -> Iterator[Fault]:
    for number, uri in enumerate(uris):
        if not _is_safe(uri):
            yield _fault(f"{field}.{number}", _UNSAFE)


def _fault(field: str, message: str) -> Fault:
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
