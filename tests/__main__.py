"""`python -m tests`: what `make test` runs. With arguments, only pytest with those.

First what is cheap to know (format, lint, types, import contracts), then everything that needs
servers, on both cores, then the whole product, one test at a time. The first phase that fails ends
the run. The last line is pytest's own summary.
"""

import os
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import FrameType

from tests.support.judges import installed
from tests.support.servers import started

_BIN = Path(sysconfig.get_path("scripts"))
_CHECKS = (
    ("ruff", "format", "--check", "--quiet", "."),
    ("ruff", "check", "--quiet", "."),
    ("mypy",),
    ("lint-imports", "--no-logo"),
    ("deptry", "."),
)
_ACCEPTANCE = "tests/acceptance"
_CLIENTS = "tests/clients"


def main(arguments: list[str]) -> int:
    """The exit code of the first phase that failed, or 0."""
    signal.signal(signal.SIGTERM, _stop)
    # A shell that starts us in the background makes us, and all we start, deaf to Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if arguments:
        return _pytest(*arguments)
    for check in _CHECKS:
        print("\n--", *check, flush=True)
        code = subprocess.run([_BIN / check[0], *check[1:]], check=False).returncode
        if code:
            return code
    installed.old_google()
    if installed.javascript() is None:
        print(f"\n-- {installed.NO_NODE}", file=sys.stderr, flush=True)
    if installed.chromium() is None:
        print(f"\n-- {installed.NO_CHROMIUM}", file=sys.stderr, flush=True)
    everything_else = ("-n", "2", "tests", f"--ignore={_ACCEPTANCE}", f"--ignore={_CLIENTS}")
    return _pytest(*everything_else) or _pytest(_ACCEPTANCE, "-v")


def _pytest(*arguments: str) -> int:
    """Run pytest with servers for it. Ctrl-C reaches pytest by the terminal; we wait for it."""
    with started():
        child = subprocess.Popen([sys.executable, "-m", "pytest", *arguments])
        try:
            return child.wait()
        except BaseException:
            child.send_signal(signal.SIGINT)
            child.wait(60)
            raise


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    os.environ.pop("DATABASE_URL", None)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
