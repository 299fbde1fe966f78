"""`make load`: desktops stream against a running instance, or one started for it; then the audit.

    make load ARGS="--users 100 --seconds 60"

The exit code is 1 when a stream was incomplete, a request failed, or the books do not balance.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from loadtests import people
from loadtests.stack import HEADRACE, Stack, running_or_own

DESKTOP = Path(__file__).with_name("desktop.py")
SETTLE_S = 20
"""Who was cut off at the end is noticed and settled within this time."""


def main() -> int:
    asked = _arguments()
    with running_or_own() as stack:
        print(f"load on {stack.url}: {asked.users} desktops for {asked.seconds} s", flush=True)
        tokens = people.make(stack, asked.accounts)
        failed = _locust(stack, tokens, asked)
        return _audit(stack) or failed


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load")
    parser.add_argument("--users", type=int, default=40, help="open windows at once")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--accounts", type=int, default=8, help="users they belong to")
    return parser.parse_args()


def _locust(stack: Stack, tokens: list[str], asked: argparse.Namespace) -> int:
    command = [
        *(sys.executable, "-m", "locust", "-f", str(DESKTOP), "--host", stack.url),
        *("--headless", "--only-summary", "-u", str(asked.users), "-r", str(asked.users / 2)),
        *("-t", f"{asked.seconds}s", "--stop-timeout", "15"),
    ]
    environment = os.environ | {"HEADRACE_LOAD_TOKENS": ",".join(tokens)}
    return subprocess.run(command, env=environment, check=False).returncode


def _audit(stack: Stack) -> int:
    """Waits for the last stream to be settled, then shows the books."""
    deadline = time.monotonic() + SETTLE_S
    while True:
        audit = subprocess.run([HEADRACE, "audit"], env=dict(stack.environment), check=False)
        if audit.returncode == 0 or time.monotonic() > deadline:
            return audit.returncode
        time.sleep(2)


if __name__ == "__main__":
    sys.exit(main())
