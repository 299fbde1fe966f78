"""`headrace token`: an access token as the desktop app would get it, for development."""

import asyncio
from typing import Annotated

import typer

from control_plane import operations
from deploy.commands.target import load_settings


def token(
    email: Annotated[str, typer.Argument(help="Whose token: the user's e-mail address.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="A scope it opens; repeat for more. All of the desktop app's if unset."),
    ] = None,
) -> None:
    """Print an access token, and nothing else, on standard output. For development only."""
    print(asyncio.run(operations.issue_token(load_settings(), email, scope or None)))
