"""`headrace token`: prints an access token for development."""

from typing import Annotated

import typer

from control_plane.admin import tokens
from deploy.commands.target import load_settings, with_container


def token(
    email: Annotated[str, typer.Argument(help="The user's email address.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="A scope of the token; repeat for more. Default: all scopes of the desktop app."
        ),
    ] = None,
) -> None:
    """Print an access token on standard output. For development only."""
    issuer, scopes = load_settings().public_url, scope or None
    print(with_container(lambda c: tokens.issue_token(c.pool, c.keys, issuer, email, scopes)))
