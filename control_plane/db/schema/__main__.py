"""`python -m control_plane.db.schema [pg_dump]`: documents the schema of DATABASE_URL.

`pg_dump` names the program to run: it must be at least as new as the server.
"""

import asyncio
import sys
from pathlib import Path

from control_plane.db.schema import diagram, dump
from control_plane.kit.database import close, connect
from control_plane.settings import Settings

_ROOT = Path(__file__).parents[3]
PAGE = _ROOT / "docs" / "database.md"
SQL = _ROOT / "control_plane" / "db" / "migrations" / "schema.sql"


async def write(url: str, program: str = "pg_dump") -> None:
    """Both files, as this database has it."""
    pool = await connect(url, size_max=1)
    try:
        PAGE.write_text(await diagram.draw(pool))
    finally:
        await close(pool)
    SQL.write_text(await dump.dump(url, program))


if __name__ == "__main__":
    asyncio.run(write(Settings().database_url.get_secret_value(), *sys.argv[1:2]))
