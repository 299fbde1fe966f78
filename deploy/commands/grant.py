"""`headrace grant`: credits given by hand."""

import asyncio
from typing import Annotated

import typer

from control_plane import operations
from deploy.commands.target import load_settings


def grant(
    email: Annotated[str, typer.Argument(help="Who gets them: the user's e-mail address.")],
    amount: Annotated[int, typer.Argument(metavar="CREDITS", help="Whole credits, 1 or more.")],
) -> None:
    """Give a user credits that never expire."""
    asyncio.run(operations.grant_credits(load_settings(), email, amount))
    print(f"granted {amount} credits to {email}")
