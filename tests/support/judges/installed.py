"""Installs, once, what cannot be in our own environment: other SDKs, and a browser.

Google's older SDK needs another version of protobuf, so it has a venv of its own; the JavaScript
SDKs have their `node_modules`. Both are pinned; a stamp holds the hash of the pins. Workers of one
run wait for each other.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
JAVASCRIPT = ROOT / "tests" / "judges-js"
_OLD_GOOGLE = ROOT / ".venv" / "judges"
_PINS = ROOT / "requirements" / "judges.txt"
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
NO_NODE = "node and npm are not on this machine, so the JavaScript SDKs were NOT judged"
NO_CHROMIUM = "Chromium is not on this machine, so the pages were NOT seen in a browser"


def old_google() -> Path:
    """The Python that has `google-generativeai`."""
    python = _OLD_GOOGLE / "bin" / "python"
    with install_once(_OLD_GOOGLE / "stamp", _PINS) as missing:
        if missing:
            uv = Path(sysconfig.get_path("scripts")) / "uv"
            run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, _OLD_GOOGLE)
            install = ("pip", "install", "--quiet", "--require-hashes", "--link-mode", "copy")
            run(uv, *install, "--python", python, "-r", _PINS)
    return python


def javascript() -> str | None:
    """The path of `node`, its SDKs installed; None where there is no node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    lock = JAVASCRIPT / "package-lock.json"
    with install_once(JAVASCRIPT / "node_modules" / ".stamp", lock) as missing:
        if missing:
            run(npm, "ci", "--silent", "--prefix", JAVASCRIPT)
    return node


def chromium() -> str | None:
    """The path of a Chromium; put there by apt where that may be done, None where there is none.

    Outdated package lists may suffice, so only a failed installation is reported.
    """
    with _locked("chromium"):
        if _find_chromium() is None and os.geteuid() == 0 and shutil.which("apt-get"):
            quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", "-qq", "update"], check=False, env=quietly)
            install = ["apt-get", "-qq", "install", "--yes", "--no-install-recommends"]
            done = subprocess.run(
                [*install, *_CHROMIUM[:1]], check=False, capture_output=True, text=True, env=quietly
            )
            print(done.stderr if done.returncode else "", end="", file=sys.stderr)
        return _find_chromium()


def _find_chromium() -> str | None:
    return next((path for name in _CHROMIUM if (path := shutil.which(name))), None)


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """Lets one worker in at a time."""
    with (ROOT / ".venv" / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def install_once(stamp: Path, pins: Path, name: str = "") -> Iterator[bool]:
    """Whether these pins must still be installed; stamped when they have been. One worker at a time
    installs what has this `name`, or else the pins' own.
    """
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    with _locked(name or pins.stem):
        missing = not stamp.is_file() or stamp.read_text() != wanted
        yield missing
        if missing:
            stamp.write_text(wanted)


def run(*argv: object) -> None:
    """Its output is shown only if it fails."""
    done = subprocess.run([str(each) for each in argv], check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{argv[0]} failed:\n{done.stdout}\n{done.stderr}")
