"""Command lines of programs in our own virtual environment, independent of PATH."""

import sys
import sysconfig
from pathlib import Path


def script(name: str) -> tuple[str, ...]:
    """A console script, run by this interpreter."""
    return (sys.executable, str(Path(sysconfig.get_path("scripts")) / name))


def module(name: str, *arguments: str) -> tuple[str, ...]:
    """`python -m name arguments…`, run by this interpreter."""
    return (sys.executable, "-m", name, *arguments)
