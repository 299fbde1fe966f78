"""`python -m tests.support.fuzz --user demo@example.com --seconds 3600`: fuzz a running instance.

Only one of this machine, from its own folder: `headrace token` signs the user in, and again from
time to time, since requests may end a session. Prints the statuses and the findings; the exit code
is 1 when there are any. Audit the books afterwards.
"""

import argparse
import asyncio
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.support.fuzz import cases, mutations, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.fuzz", description=__doc__)
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--user", required=True, help="whose requests they are: an e-mail address")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    report = asyncio.run(_fuzz(options))
    print(f"{report.requests} requests: {dict(report.statuses.most_common())}")
    print("\n".join(report.findings) or "no findings")
    return 1 if report.findings else 0


async def _fuzz(options: argparse.Namespace) -> run.Report:
    sign_in = run.renewed(lambda: _token(options.user), every=500)
    requests = mutations.damaged(cases.product(), options.seed)
    return await run.run(
        "127.0.0.1", options.port, run.forever(requests), sign_in, seconds=options.seconds
    )


def _token(email: str) -> str:
    command = [str(Path(sysconfig.get_path("scripts")) / "headrace"), "token", email]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
