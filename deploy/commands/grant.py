"""`headrace grant`: grants credits to a user."""

from typing import Annotated

import typer

from control_plane.admin import ledger
from deploy.commands.target import with_pool


def grant(
    email: Annotated[str, typer.Argument(help="The user's email address.")],
    amount: Annotated[int, typer.Argument(metavar="CREDITS", help="Whole credits, 1 or more.")],
) -> None:
    """Grant a user credits that never expire."""
    with_pool(lambda pool: ledger.grant_credits(pool, email, amount))
    print(f"granted {amount} credits to {email}")
