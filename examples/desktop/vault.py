"""Keeps a secret per server: in the system keyring, or in a file that only its user can read.

The file is for machines without the package `keyring`, and for those where it finds no keyring.
"""

import contextlib
import json
import os
from pathlib import Path

try:
    import keyring
    from keyring.errors import KeyringError
except ImportError:
    keyring = None

_SERVICE = "headrace-desktop"
_FILE = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / _SERVICE / "tokens"


def find(server: str) -> str | None:
    """The secret kept for this server."""
    if keyring is not None:
        with contextlib.suppress(KeyringError):
            kept: str | None = keyring.get_password(_SERVICE, server)
            if kept:
                return kept
    return _read().get(server)


def put(server: str, secret: str | None) -> None:
    """None forgets it, wherever it was."""
    in_keyring = _put_in_keyring(server, secret)
    before = _read()
    others = {name: value for name, value in before.items() if name != server}
    kept = others if in_keyring or secret is None else {**others, server: secret}
    if kept != before:
        _write(kept)


def _put_in_keyring(server: str, secret: str | None) -> bool:
    if keyring is None:
        return False
    try:
        if secret is None:
            keyring.delete_password(_SERVICE, server)
        else:
            keyring.set_password(_SERVICE, server, secret)
    except KeyringError:
        return False
    return True


def _read() -> dict[str, str]:
    if not _FILE.exists():
        return {}
    kept: dict[str, str] = json.loads(_FILE.read_text())
    return kept


def _write(kept: dict[str, str]) -> None:
    """Whole or not at all: a lost refresh token is a lost session."""
    _FILE.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = _FILE.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(kept, file)
    fresh.replace(_FILE)
