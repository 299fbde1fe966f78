"""Folders for Unix sockets, whose paths are limited to 107 bytes."""

import hashlib
import os
import tempfile
from pathlib import Path

LONGEST_PATH = 103
"""Accepted by both Linux (107) and macOS (103)."""


def socket_folder(wanted: Path, longest_name: str) -> Path:
    """`wanted`, or a short private folder in the temporary folder if a socket would not fit.

    The short name is derived from `wanted`, so it is the same at the next start. Raises
    PermissionError if the folder exists and belongs to another user.
    """
    if len(os.fsencode(wanted / longest_name)) <= LONGEST_PATH:
        wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
        return wanted
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:10]
    short = Path(tempfile.gettempdir()) / f"headrace-{digest}"
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()
    if short.is_symlink() or found.st_uid != os.geteuid():
        raise PermissionError(f"{short} belongs to somebody else: remove it, or set TMPDIR")
    return short
