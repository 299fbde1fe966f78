"""`headrace token`: an access token as the desktop app would get it, for development."""

from typing import Annotated

import typer

from control_plane.admin import tokens
from deploy.commands.target import load_settings, with_container


def token(
    email: Annotated[str, typer.Argument(help="Whose token: the user's e-mail address.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="A scope it opens; repeat for more. All of the desktop app's if unset."),
    ] = None,
) -> None:
    """Print an access token, and nothing else, on standard output. For development only."""
    issuer, scopes = load_settings().public_url, scope or None
    print(with_container(lambda c: tokens.issue_token(c.pool, c.keys, issuer, email, scopes)))
