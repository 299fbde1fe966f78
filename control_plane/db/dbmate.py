"""Runs migrations with dbmate, whose binary is installed as a Python package.

The database URL, which may contain a password, is passed in the environment, not in argv.
"""

import asyncio
import os
import sys
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

from control_plane.kit import queries
from control_plane.kit.database import Pool

_APPLIED = queries.load("control_plane.db")["applied"]
_DIRECTORY = Path(str(files("control_plane.db.migrations")))
_VERSIONS = frozenset(path.name.split("_")[0] for path in _DIRECTORY.glob("[0-9]*_*.sql"))


class MigrationFailed(Exception):
    """dbmate failed; the message is its output."""


async def migrate(url: str) -> None:
    """Apply pending migrations under a lock. Raises MigrationFailed with dbmate's output."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "dbmate"),
        "--migrations-dir",
        str(_DIRECTORY),
        "--no-dump-schema",
        "--migration-lock",
        "migrate",
        env={**os.environ, "DATABASE_URL": dbmate_url(url)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise MigrationFailed(output.decode(errors="replace").strip())


async def pending(pool: Pool) -> frozenset[str]:
    """Versions of the shipped migrations that the database lacks."""
    try:
        applied = {row["version"] for row in await pool.fetch(_APPLIED)}
    except asyncpg.UndefinedTableError:
        applied = set()
    return _VERSIONS - applied


def dbmate_url(url: str) -> str:
    """The URL in dbmate's syntax: it names a Unix socket directory `socket`, asyncpg `host`."""
    parts = urlsplit(url)
    query = [
        ("socket" if name == "host" else name, value) for name, value in parse_qsl(parts.query)
    ]
    return urlunsplit(("postgres", parts.netloc, parts.path, urlencode(query, safe="/"), ""))
