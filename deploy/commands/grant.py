"""`headrace grant`: credits given by hand."""

from typing import Annotated

import typer

from control_plane.admin import ledger
from deploy.commands.target import with_pool


def grant(
    email: Annotated[str, typer.Argument(help="Who gets them: the user's e-mail address.")],
    amount: Annotated[int, typer.Argument(metavar="CREDITS", help="Whole credits, 1 or more.")],
) -> None:
    """Give a user credits that never expire."""
    with_pool(lambda pool: ledger.grant_credits(pool, email, amount))
    print(f"granted {amount} credits to {email}")
