"""`headrace audit`: compares the books of every account with Redis, to the micro-credit."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from control_plane.admin import ledger
from control_plane.ledger.audit.report import AuditReport, Drift
from deploy.commands.target import with_container
from shared.credits import public


def audit(
    as_json: Annotated[
        bool, typer.Option("--json", help="The whole report; amounts in micro-credits.")
    ] = False,
) -> None:
    """Check that charges, balances and holds agree. Exit code 1 on any drift or orphaned hold."""
    report = with_container(lambda c: ledger.audit(c.pool, c.redis))
    print(json.dumps({**asdict(report), "clean": report.clean}) if as_json else in_words(report))
    if not report.clean:
        raise typer.Exit(1)


def in_words(report: AuditReport) -> str:
    """One line per finding and a summary line. Amounts in credits."""
    drifts = [_drift(each) for each in report.drift]
    orphaned_holds = [
        f"stray hold: account {each.account}, request {each.request_id}, "
        f"{public(each.amount)} credits, {each.overdue_ms} ms overdue"
        for each in report.orphaned_holds
    ]
    return "\n".join([*drifts, *orphaned_holds, _summary(report)])


def _drift(drift: Drift) -> str:
    values = f"expected {drift.expected}, found {drift.found} {drift.unit}"
    line = f"drift: account {drift.account}, {drift.rule}: {values}"
    if drift.unit != "events":
        return line
    letters = ", ".join(drift.dead_letters)
    return f"{line}; " + (f"dead letters: {letters}" if letters else "no dead letter explains it")


def _summary(report: AuditReport) -> str:
    if not report.clean:
        return f"NOT CLEAN: {len(report.drift)} drifts, {len(report.orphaned_holds)} stray holds"
    return (
        f"clean: {report.accounts} accounts, granted {public(report.granted)} = "
        f"charged {public(report.charged)} + expired {public(report.expired)} + "
        f"balance {public(report.balance)}; held {public(report.held)}, "
        f"written off {public(report.written_off)}, {report.pending} entries on their way"
    )
