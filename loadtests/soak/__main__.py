"""`make soak`: on an instance of its own; the exit code is 1 when the books do not balance.

    make soak ARGS="--minutes 10 --users 500"

It ends when all is quiet: nothing held, nothing on its way. What customers were told they paid must
then be booked, whatever died meanwhile.
"""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from control_plane.ledger.audit.report import AuditReport
from control_plane.settings import Settings
from loadtests.soak.customers import Customer, Told
from loadtests.soak.treasury import AWAY, Treasury
from loadtests.soak.trouble import Trouble
from loadtests.stack import Stack, own

QUIET_S = 180
GRANTS_PER_USER_S = 0.012
INCREMENT = "10000"
"""Micro-credits: charges of every size, not of whole credits only."""


def main() -> int:
    asked = _arguments()
    with own(HEADRACE_CREDIT_INCREMENT_MICRO=INCREMENT) as stack:
        print(f"soak on {stack.url}: {asked.users} users for {asked.minutes} min", flush=True)
        return asyncio.run(soak(stack, asked))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--out", type=Path, default=Path("soak.json"))
    return parser.parse_args()


async def soak(stack: Stack, asked: argparse.Namespace) -> int:
    settings = Settings.model_validate(stack.instance()["environment"])
    treasury, told, trouble = Treasury(settings), Told(), Trouble(stack)
    members = await treasury.enrol(asked.users)
    ends = time.monotonic() + asked.minutes * 60
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        customers = (Customer(stack.url, member.token, told) for member in members)
        work = [asyncio.create_task(each.live(session)) for each in customers]
        work += [
            asyncio.create_task(treasury.grant_at_random(GRANTS_PER_USER_S * asked.users)),
            asyncio.create_task(treasury.watch_balances()),
        ]
        making = asyncio.create_task(trouble.make())
        while time.monotonic() < ends and not making.done():
            await asyncio.sleep(5)
            _progress(ends - time.monotonic(), told, treasury, trouble)
        for task in (making, *work):
            task.cancel()
        await asyncio.gather(making, *work, return_exceptions=True)
    await trouble.until_well()
    report = await _quiet(treasury)
    figures = _figures(told, treasury, trouble) | await treasury.owed()
    return _conclude(asked.out, figures, told, report)


def _progress(left_s: float, told: Told, treasury: Treasury, trouble: Trouble) -> None:
    done = ", ".join(f"{name} {count}" for name, count in sorted(told.outcomes.items()))
    killed = sum(trouble.kills.values())
    print(
        f"{max(0, left_s):4.0f} s left: {done}; grants {treasury.granted}, kills {killed}",
        flush=True,
    )


async def _quiet(treasury: Treasury) -> AuditReport:
    """The first green audit with nothing held or on its way, or the last one of all."""
    deadline = time.monotonic() + QUIET_S
    while True:
        try:
            report = await treasury.audit()
            quiet = report.clean and not report.held and not report.pending
            if quiet or time.monotonic() > deadline:
                return report
        except AWAY:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(2)


def _figures(told: Told, treasury: Treasury, trouble: Trouble) -> dict[str, Any]:
    return {
        "requests": told.requests,
        **{name: told.outcomes[name] for name in ("ok", "left", "refused", "broken")},
        "refusals": dict(told.refusals),
        "grants": treasury.granted,
        "kills": dict(trouble.kills),
        "told_micro": told.charged,
        "lowest_balance_micro": treasury.lowest,
    }


def _conclude(out: Path, figures: dict[str, Any], told: Told, report: AuditReport) -> int:
    quiet = not report.held and not report.pending and not report.orphaned_holds
    whole = report.charged + report.written_off >= told.charged
    figures |= {"audit": asdict(report), "clean": report.clean and quiet and whole}
    out.write_text(json.dumps(figures, indent=2, default=str) + "\n")
    table = Table(title="soak", show_header=False)
    for name, value in figures.items():
        if name != "audit":
            table.add_row(name, str(value))
    table.add_row("charged_micro", str(report.charged))
    table.add_row("written_off_micro", str(report.written_off))
    table.add_row("drift", str([asdict(each) for each in report.drift]))
    table.add_row("strays", str([asdict(each) for each in report.orphaned_holds]))
    Console().print(table)
    return 0 if figures["clean"] else 1


if __name__ == "__main__":
    sys.exit(main())
