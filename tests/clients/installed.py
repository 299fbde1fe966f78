"""Installs clients, each set in a folder of its own: Python's below `.venv`, npm's beside its pins.

A stamp holds the hash of the pins, so a set is installed once.
"""

import shutil
import sys
import sysconfig
from pathlib import Path

from tests.support.judges.installed import ROOT, install_once, run

NPM = ROOT / "tests" / "clients" / "npm"
_BINARIES = {
    "claude-code": "@anthropic-ai/claude-code/install.cjs",
    "opencode": "opencode-ai/postinstall.mjs",
}
"""What puts a package's program in its place; npm runs no scripts of packages here."""


def python(environment: str) -> Path:
    """The folder of programs of this set of `requirements/clients-*.txt`."""
    folder = ROOT / ".venv" / f"clients-{environment}"
    pins = ROOT / "requirements" / f"clients-{environment}.txt"
    with install_once(folder / "stamp", pins) as missing:
        if missing:
            uv = Path(sysconfig.get_path("scripts")) / "uv"
            run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder)
            install = (
                "pip",
                "install",
                "--quiet",
                "--require-hashes",
                "--link-mode",
                "copy",
                "--compile-bytecode",
            )
            run(uv, *install, "--python", folder / "bin" / "python", "-r", pins)
    return folder / "bin"


def npm(name: str) -> Path:
    """The folder of programs of this package of `npm/`. Raises FileNotFoundError without npm."""
    found = shutil.which("npm")
    if found is None:
        raise FileNotFoundError("node and npm are not on this machine")
    folder = NPM / name
    modules = folder / "node_modules"
    with install_once(modules / ".stamp", folder / "package-lock.json", name) as missing:
        if missing:
            # `npm ci` refuses a lock that lacks programs for other platforms than its writer's.
            run(found, "install", "--no-save", "--loglevel=error", "--prefix", folder)
            if name in _BINARIES:
                run("node", modules / _BINARIES[name])
    return modules / ".bin"
