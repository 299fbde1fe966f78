"""The schema as SQL: what pg_dump says, without what changes from one dump to the next."""

import asyncio
import os
import re
from urllib.parse import parse_qsl, unquote, urlsplit

_ARGUMENTS = (
    *("--schema-only", "--no-owner", "--no-privileges", "--no-comments"),
    *("--exclude-table=schema_migrations", "--exclude-table=usage_history_*"),
)
_HEAD = """\
-- What the migrations add up to. Written by `python -m control_plane.db.schema`, never by hand:
-- a test holds it to what the migrations make.
"""
_NOISE = re.compile(r"^(--.*|(SET|SELECT) .*|\\.*)$")
_WIDTH = 100


class DumpFailed(Exception):
    """pg_dump could not say what the schema is."""


async def dump(url: str, program: str = "pg_dump") -> str:
    """The schema of this database. The address goes by the environment, and never by argv."""
    process = await asyncio.create_subprocess_exec(
        program,
        *_ARGUMENTS,
        env={**os.environ, **_variables(url)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    if process.returncode:
        raise DumpFailed(errors.decode(errors="replace").strip())
    return _HEAD + tidy(output.decode())


def _variables(url: str) -> dict[str, str]:
    """The address as libpq's programs read it from their environment."""
    parts = urlsplit(url)
    given = {
        "PGHOST": parts.hostname,
        "PGPORT": str(parts.port) if parts.port else None,
        "PGUSER": unquote(parts.username) if parts.username else None,
        "PGPASSWORD": unquote(parts.password) if parts.password else None,
        "PGDATABASE": parts.path.lstrip("/"),
        **{f"PG{name.upper()}": value for name, value in parse_qsl(parts.query)},
    }
    return {name: value for name, value in given.items() if value}


def tidy(text: str) -> str:
    """Without comments, settings and empty lines, one blank line between statements."""
    lines = [line for line in text.splitlines() if line.strip() and not _NOISE.match(line)]
    body = "\n".join(part for line in lines for part in _fold(line))
    return "\n" + re.sub(r"^(CREATE|ALTER)\b", r"\n\1", body, flags=re.MULTILINE).strip() + "\n"


def _fold(line: str) -> list[str]:
    """Long lines are broken at a space outside quotes, where SQL does not mind."""
    parts = []
    while len(line) > _WIDTH:
        spaces = [i for i in range(20, _WIDTH) if line[i] == " " and line[:i].count("'") % 2 == 0]
        if not spaces:
            break
        parts.append(line[: spaces[-1]])
        line = "        " + line[spaces[-1] + 1 :]
    return [*parts, line]
