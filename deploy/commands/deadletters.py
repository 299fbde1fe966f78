"""`headrace deadletters`: list usage entries that could not be posted, and try them again."""

from typing import Annotated

import typer

from control_plane.admin import ledger
from deploy.commands.target import with_pool


def deadletters(
    redrive: Annotated[
        bool, typer.Option("--redrive", help="Try to post them again first.")
    ] = False,
) -> None:
    """Show usage entries that could not be posted. Exit code 1 while there are any."""
    if redrive:
        print(f"posted {with_pool(ledger.redrive_dead_letters)}")
    waiting = with_pool(ledger.list_dead_letters)
    for letter in waiting:
        print(f"{letter.stream} {letter.entry_id}, {letter.deliveries} tries: {letter.reason}")
    if waiting:
        raise typer.Exit(1)
    print("none")
