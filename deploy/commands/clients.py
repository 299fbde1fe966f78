"""`headrace clients`: the applications that users can sign in to."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from control_plane.admin import clients
from control_plane.identity.clients.records import (
    CODE_GRANT,
    DEVICE_GRANT,
    REFRESH_GRANT,
    SCOPE_DESCRIPTIONS,
    Client,
)
from deploy.commands.target import with_container, with_pool

app = typer.Typer(help="Applications that users can sign in to.", no_args_is_help=True)
_SCOPES = [scope for scope in SCOPE_DESCRIPTIONS if scope != "admin"]


@app.callback()
def group() -> None:
    """Applications that users can sign in to."""


@app.command("add")
def add(
    client_id: Annotated[str, typer.Argument(help="Its client_id.")],
    *,
    name: Annotated[str, typer.Option(help="What users see on the consent page.")],
    redirect_uri: Annotated[
        list[str] | None, typer.Option(help="Redirect URI; repeat for more.")
    ] = None,
    after_logout: Annotated[
        list[str] | None, typer.Option(help="Post-logout redirect URI; repeat for more.")
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(help="Scope it may request; repeat for more. Default: all except admin."),
    ] = None,
    web: Annotated[
        bool, typer.Option("--web", help="A web application instead of a native one.")
    ] = False,
    secret: Annotated[
        bool, typer.Option("--secret", help="A confidential client: prints a client secret.")
    ] = False,
    device: Annotated[bool, typer.Option("--device", help="Allow the device flow.")] = False,
    skip_consent: Annotated[
        bool, typer.Option("--skip-consent", help="A first-party client: no consent page.")
    ] = False,
) -> None:
    """Register an application. A secret is shown once, on standard output."""
    grants = [CODE_GRANT, REFRESH_GRANT, *([DEVICE_GRANT] if device else [])]
    client = Client(
        id=client_id,
        name=name,
        scopes=scope or _SCOPES,
        secret_hash=None,
        redirect_uris=redirect_uri or [],
        grant_types=grants,
        application_type="web" if web else "native",
        post_logout_redirect_uris=after_logout or [],
        skip_consent=skip_consent,
    )
    made, secret_value = with_pool(
        lambda pool: clients.register_client(pool, client, confidential=secret)
    )
    print(secret_value or f"{made.id} is registered as a public client (PKCE, no secret)")


@app.command("list")
def list_() -> None:
    """List all applications."""
    table = Table("client_id", "name", "type", "secret", "scopes", "redirect URIs")
    for each in with_pool(clients.list_clients):
        kept = "yes" if each.secret_hash else "no"
        addresses = "\n".join(each.redirect_uris)
        table.add_row(
            each.id, each.name, each.application_type, kept, " ".join(each.scopes), addresses
        )
    Console().print(table)


@app.command("secret")
def secret_(client_id: Annotated[str, typer.Argument(help="Its client_id.")]) -> None:
    """Create a new secret and print it. The old one stops working immediately."""
    print(with_pool(lambda pool: clients.rotate_secret(pool, client_id)))


@app.command("remove")
def remove(client_id: Annotated[str, typer.Argument(help="Its client_id.")]) -> None:
    """Remove an application and end all its sessions."""
    ended = with_container(lambda c: clients.remove_client(c.pool, c.redis, client_id))
    print(f"{client_id} removed; {ended} sessions ended")
