"""`python -m tests.support.fuzz --port 3000 --token … --seconds 3600`: fuzz a running instance.

Only an instance on this machine: the host is loopback. Prints the statuses and the findings; the
exit code is 1 when there are any. Audit the books afterwards.
"""

import argparse
import asyncio
import sys

from tests.support.fuzz import cases, mutations, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.fuzz", description=__doc__)
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--token", required=True, help="an access token, or an API key")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    report = asyncio.run(_fuzz(options))
    print(f"{report.requests} requests: {dict(report.statuses.most_common())}")
    print("\n".join(report.findings) or "no findings")
    return 1 if report.findings else 0


async def _fuzz(options: argparse.Namespace) -> run.Report:
    async def sign_in() -> str:
        return str(options.token)

    requests = mutations.damaged(cases.product(), options.seed)
    return await run.run(
        "127.0.0.1", options.port, run.forever(requests), sign_in, seconds=options.seconds
    )


if __name__ == "__main__":
    sys.exit(main())
