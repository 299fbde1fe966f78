"""Keeps a secret per server: in the system keyring, or in a file that only its user can read."""

import json
import os
from pathlib import Path

try:
    import keyring
except ImportError:
    keyring = None

_SERVICE = "headrace-desktop"
_FILE = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / _SERVICE / "tokens"


def find(server: str) -> str | None:
    if keyring is not None:
        return keyring.get_password(_SERVICE, server)
    return _read().get(server)


def put(server: str, secret: str | None) -> None:
    """None forgets it."""
    if keyring is not None:
        if secret is not None:
            keyring.set_password(_SERVICE, server, secret)
        elif keyring.get_password(_SERVICE, server) is not None:
            keyring.delete_password(_SERVICE, server)
        return
    kept = {**_read(), server: secret}
    _write({name: value for name, value in kept.items() if value is not None})


def _read() -> dict[str, str]:
    return json.loads(_FILE.read_text()) if _FILE.exists() else {}


def _write(kept: dict[str, str]) -> None:
    """Whole or not at all: a lost refresh token is a lost session."""
    _FILE.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = _FILE.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(kept, file)
    fresh.replace(_FILE)
