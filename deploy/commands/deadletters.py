"""`headrace deadletters`: outbox entries that could not be booked, and another try at them."""

import asyncio
from typing import Annotated

import typer

from control_plane import operations
from deploy.commands.target import load_settings


def deadletters(
    rebook: Annotated[bool, typer.Option("--rebook", help="Try to book them again first.")] = False,
) -> None:
    """Show usage entries that could not be booked. Exit code 1 while there are any."""
    settings = load_settings()
    if rebook:
        print(f"booked {asyncio.run(operations.rebook_dead_letters(settings))}")
    waiting = asyncio.run(operations.list_dead_letters(settings))
    for letter in waiting:
        print(f"{letter.stream} {letter.entry_id}, {letter.deliveries} tries: {letter.reason}")
    if waiting:
        raise typer.Exit(1)
    print("none")
