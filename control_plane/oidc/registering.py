"""Takes applications in: a redirect URI nobody else can listen on, or none."""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from control_plane.kit import crypto
from control_plane.kit.database import Connection, Pool
from control_plane.oidc import store
from control_plane.oidc.records import Client
from shared.errors import Conflict, ValidationFailed

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")


async def register(
    source: Connection | Pool, client: Client, *, confidential: bool
) -> tuple[Client, str | None]:
    """The client and its secret, which nobody can tell again. Raises ValidationFailed, Conflict."""
    check_redirect_uris([*client.redirect_uris, *client.post_logout_redirect_uris])
    secret = crypto.create_secret() if confidential else None
    made = replace(client, secret_hash=crypto.digest(secret).hex() if secret else None)
    if not await store.create_client(source, made):
        raise Conflict("There is a client of this name already.")
    return made, secret


def check_redirect_uris(uris: Sequence[str]) -> None:
    """Raises ValidationFailed, naming every one that is not safe."""
    message = "must be https, http on loopback, or a private scheme with a dot; no fragment"
    fields = [
        {"field": f"redirect_uris.{number}", "message": message}
        for number, uri in enumerate(uris)
        if not _is_safe(uri)
    ]
    if fields:
        raise ValidationFailed(details={"fields": fields})


def _is_safe(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return False
    if (
        not uri.isascii()
        or not uri.isprintable()
        or " " in uri
        or "#" in uri
        or "@" in parts.netloc
    ):
        return False
    if parts.scheme == "https":
        return bool(host)
    if parts.scheme == "http":
        return host in _LOOPBACK
    return _PRIVATE_SCHEME.fullmatch(parts.scheme) is not None
