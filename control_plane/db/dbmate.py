"""Runs the migrations by dbmate, whose binary comes with the environment's packages.

The database's address, which may hold a password, goes by the environment and never by argv.
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
_FOLDER = Path(str(files("control_plane.db.migrations")))
_WANTED = frozenset(path.name.split("_")[0] for path in _FOLDER.glob("[0-9]*_*.sql"))


class MigrationFailed(Exception):
    """The schema could not be brought up to date."""


async def migrate(url: str) -> None:
    """Apply what is missing, under a lock. Raises MigrationFailed with dbmate's own words."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "dbmate"),
        *("--migrations-dir", str(_FOLDER), "--no-dump-schema", "--migration-lock", "migrate"),
        env={**os.environ, "DATABASE_URL": dbmate_url(url)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise MigrationFailed(output.decode(errors="replace").strip())


async def pending(pool: Pool) -> frozenset[str]:
    """Versions of the migrations that this code brings and this database lacks."""
    try:
        applied = {row["version"] for row in await pool.fetch(_APPLIED)}
    except asyncpg.UndefinedTableError:
        applied = set()
    return _WANTED - applied


def dbmate_url(url: str) -> str:
    """The address as dbmate reads it: it calls a Unix socket's folder `socket`, asyncpg `host`."""
    parts = urlsplit(url)
    query = [
        ("socket" if name == "host" else name, value) for name, value in parse_qsl(parts.query)
    ]
    return urlunsplit(("postgres", parts.netloc, parts.path, urlencode(query, safe="/"), ""))
