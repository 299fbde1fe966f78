"""`headrace user`: accounts made by hand."""

import asyncio
from typing import Annotated

import typer

from control_plane import operations
from deploy.commands.target import load_settings

app = typer.Typer(help="Users.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Users."""


@app.command("create")
def create(
    email: Annotated[str, typer.Argument(help="The e-mail address they sign in with.")],
    tier: Annotated[str, typer.Option(help="free, pro or enterprise.")] = "free",
    credits_: Annotated[
        int | None,
        typer.Option("--credits", help="Exactly this many credits in place of the plan's."),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(envvar="HEADRACE_USER_PASSWORD", help="None: they cannot sign in yet."),
    ] = None,
) -> None:
    """Create a user with a plan and its credits, and print the user's id."""
    user = asyncio.run(operations.create_user(load_settings(), email, tier, credits_, password))
    print(user.id)


@app.command("reset-factors")
def reset_factors(
    email: Annotated[str, typer.Argument(help="Who has lost phone, keys and recovery codes.")],
) -> None:
    """Remove somebody's passkeys and codes, so that the password is enough; they get a mail."""
    asyncio.run(operations.remove_second_factors(load_settings(), email))
    print(f"{email} signs in by the password alone")
