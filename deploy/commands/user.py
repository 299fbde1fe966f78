"""`headrace user`: creates and suspends users, and resets their second factors."""

from typing import Annotated

import typer

from control_plane.admin import users
from deploy.commands.target import load_settings, with_container, with_pool

app = typer.Typer(help="Users.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Users."""


@app.command("create")
def create(
    email: Annotated[str, typer.Argument(help="The email address to sign in with.")],
    tier: Annotated[str, typer.Option(help="free, pro or enterprise.")] = "free",
    credits_: Annotated[
        int | None,
        typer.Option("--credits", help="Initial credits, instead of the plan's allotment."),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(
            envvar="HEADRACE_USER_PASSWORD", help="Without one, the user cannot sign in yet."
        ),
    ] = None,
) -> None:
    """Create a user with a plan and its credits, and print the user's id."""
    user = with_pool(lambda pool: users.create_user(pool, email, tier, credits_, password))
    print(user.id)


@app.command("reset-factors")
def reset_factors(
    email: Annotated[str, typer.Argument(help="The user's email address.")],
) -> None:
    """Remove all second factors of a user, who is notified by email."""
    issuer = load_settings().public_url
    with_pool(lambda pool: users.remove_second_factors(pool, email, issuer))
    print(f"second factors of {email} removed")


@app.command("suspend")
def suspend(email: Annotated[str, typer.Argument(help="The user's email address.")]) -> None:
    """Sign a user out everywhere and refuse every request, until `activate`."""
    with_container(lambda c: users.change_state(c.pool, c.redis, email, "suspended"))
    print(f"{email} is suspended")


@app.command("activate")
def activate(email: Annotated[str, typer.Argument(help="The user's email address.")]) -> None:
    """Let a suspended user return. Applications have to sign in again; API keys work again."""
    with_container(lambda c: users.change_state(c.pool, c.redis, email, "active"))
    print(f"{email} is active")
