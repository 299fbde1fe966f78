"""`make soak`: users, grants and crashes on a fresh instance. Exit code 1 on an unbalanced audit.

    make soak ARGS="--minutes 10 --users 500"

It ends when nothing is held and nothing is in transit. The charges that customers saw must then be
posted, whatever was killed in between.
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
from loadtests.soak.customers import Customer, Observations
from loadtests.soak.fault_injector import FaultInjector
from loadtests.soak.granter import UNAVAILABLE, Granter
from loadtests.stack import Stack, fresh

QUIET_S = 180
GRANTS_PER_USER_S = 0.012
INCREMENT = "10000"
"""Micro-credits: charges of every size, not of whole credits only."""


def main() -> int:
    options = _arguments()
    with fresh(HEADRACE_CREDIT_INCREMENT_MICRO=INCREMENT) as stack:
        print(f"soak on {stack.url}: {options.users} users for {options.minutes} min", flush=True)
        return asyncio.run(soak(stack, options))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--out", type=Path, default=Path("soak.json"))
    return parser.parse_args()


async def soak(stack: Stack, options: argparse.Namespace) -> int:
    settings = Settings.model_validate(stack.instance()["environment"])
    granter, observed, faults = Granter(settings), Observations(), FaultInjector(stack)
    members = await granter.create_users(options.users)
    ends = time.monotonic() + options.minutes * 60
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        customers = (Customer(stack.url, member.token, observed) for member in members)
        tasks = [asyncio.create_task(each.run(session)) for each in customers]
        tasks += [
            asyncio.create_task(granter.grant_at_random(GRANTS_PER_USER_S * options.users)),
            asyncio.create_task(granter.watch_balances()),
        ]
        injecting = asyncio.create_task(faults.inject())
        while time.monotonic() < ends and not injecting.done():
            await asyncio.sleep(5)
            _progress(ends - time.monotonic(), observed, granter, faults)
        for task in (injecting, *tasks):
            task.cancel()
        await asyncio.gather(injecting, *tasks, return_exceptions=True)
    await faults.until_ready()
    report = await _final_audit(granter)
    figures = _figures(observed, granter, faults) | await granter.debts()
    return _report(options.out, figures, observed, report)


def _progress(
    left_s: float, observed: Observations, granter: Granter, faults: FaultInjector
) -> None:
    done = ", ".join(f"{name} {count}" for name, count in sorted(observed.outcomes.items()))
    killed = sum(faults.kills.values())
    print(
        f"{max(0, left_s):4.0f} s left: {done}; grants {granter.granted}, kills {killed}",
        flush=True,
    )


async def _final_audit(granter: Granter) -> AuditReport:
    """The first clean audit with nothing held or in transit, or the last one in time."""
    deadline = time.monotonic() + QUIET_S
    while True:
        try:
            report = await granter.audit()
            quiet = report.clean and not report.held and not report.pending
            if quiet or time.monotonic() > deadline:
                return report
        except UNAVAILABLE:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(2)


def _figures(observed: Observations, granter: Granter, faults: FaultInjector) -> dict[str, Any]:
    return {
        "requests": observed.requests,
        **{name: observed.outcomes[name] for name in ("ok", "stopped", "refused", "broken")},
        "refusals": dict(observed.refusals),
        "grants": granter.granted,
        "kills": dict(faults.kills),
        "observed_charges_micro": observed.charged,
        "lowest_balance_micro": granter.lowest,
    }


def _report(out: Path, figures: dict[str, Any], observed: Observations, report: AuditReport) -> int:
    quiet = not report.held and not report.pending and not report.orphaned_holds
    whole = report.charged + report.written_off >= observed.charged
    figures |= {"audit": asdict(report), "clean": report.clean and quiet and whole}
    out.write_text(json.dumps(figures, indent=2, default=str) + "\n")
    table = Table(title="soak", show_header=False)
    for name, value in figures.items():
        if name != "audit":
            table.add_row(name, str(value))
    table.add_row("charged_micro", str(report.charged))
    table.add_row("written_off_micro", str(report.written_off))
    table.add_row("drift", str([asdict(each) for each in report.drift]))
    table.add_row("orphaned_holds", str([asdict(each) for each in report.orphaned_holds]))
    Console().print(table)
    return 0 if figures["clean"] else 1


if __name__ == "__main__":
    sys.exit(main())
