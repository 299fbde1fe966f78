"""`make load`: desktop users stream against a running or a fresh instance, then the audit.

    make load ARGS="--users 100 --seconds 60"

The exit code is 1 when a stream was incomplete, a request failed, or the books do not balance.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from loadtests import accounts
from loadtests.stack import HEADRACE, Stack, running_or_fresh

DESKTOP = Path(__file__).with_name("desktop.py")
SETTLE_TIMEOUT_S = 20
"""A stream that was cut at the end is settled within this time."""


def main() -> int:
    options = _arguments()
    with running_or_fresh() as stack:
        print(f"load on {stack.url}: {options.users} desktops for {options.seconds} s", flush=True)
        tokens = accounts.create(stack, options.accounts)
        failed = _locust(stack, tokens, options)
        return _audit(stack) or failed


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load")
    parser.add_argument("--users", type=int, default=40, help="concurrent desktop users")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--accounts", type=int, default=8, help="accounts they belong to")
    return parser.parse_args()


def _locust(stack: Stack, tokens: list[str], options: argparse.Namespace) -> int:
    command = [
        sys.executable,
        "-m",
        "locust",
        "-f",
        str(DESKTOP),
        "--host",
        stack.url,
        "--headless",
        "--only-summary",
        "-u",
        str(options.users),
        "-r",
        str(options.users / 2),
        "-t",
        f"{options.seconds}s",
        "--stop-timeout",
        "15",
    ]
    environment = os.environ | {"HEADRACE_LOAD_TOKENS": ",".join(tokens)}
    return subprocess.run(command, env=environment, check=False).returncode


def _audit(stack: Stack) -> int:
    """Waits for the last stream to be settled, then shows the books."""
    deadline = time.monotonic() + SETTLE_TIMEOUT_S
    while True:
        audit = subprocess.run([HEADRACE, "audit"], env=dict(stack.environment), check=False)
        if audit.returncode == 0 or time.monotonic() > deadline:
            return audit.returncode
        time.sleep(2)


if __name__ == "__main__":
    sys.exit(main())
