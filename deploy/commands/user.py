"""`headrace user`: accounts made by hand."""

from typing import Annotated

import typer

from control_plane.admin import users
from deploy.commands.target import load_settings, with_pool

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
    user = with_pool(lambda pool: users.create_user(pool, email, tier, credits_, password))
    print(user.id)


@app.command("reset-factors")
def reset_factors(
    email: Annotated[str, typer.Argument(help="Who has lost phone, keys and recovery codes.")],
) -> None:
    """Remove somebody's passkeys and codes, so that the password is enough; they get a mail."""
    issuer = load_settings().public_url
    with_pool(lambda pool: users.remove_second_factors(pool, email, issuer))
    print(f"{email} signs in by the password alone")
