"""Command lines of programs that live in our own virtual environment, whatever PATH says."""

import sys
import sysconfig
from pathlib import Path


def script(name: str) -> tuple[str, ...]:
    """A console script, run by this very interpreter."""
    return (sys.executable, str(Path(sysconfig.get_path("scripts")) / name))


def module(name: str, *arguments: str) -> tuple[str, ...]:
    """`python -m name arguments…`, run by this very interpreter."""
    return (sys.executable, "-m", name, *arguments)
