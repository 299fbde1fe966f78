"""`headrace providers`: checks every provider key with the vendor's own SDK."""

import asyncio

import typer
from rich.console import Console
from rich.table import Table

from deploy.commands.target import load_providers
from deploy.vendors.offers import KeyResult, list_offers

app = typer.Typer(help="Model providers.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Model providers."""


@app.command("check")
def check() -> None:
    """List what every key can call. Exit code 1 if a key does not work."""
    results = asyncio.run(check_all())
    table = Table("provider", "keys", "models", "took", "")
    for each in results:
        color = "red" if each.error else "green"
        took = f"{each.seconds:.1f} s"
        row = (each.provider, each.key, str(len(each.offers)), took, each.error or "ok")
        table.add_row(*row, style=color)
    Console().print(table)
    if any(each.error for each in results):
        raise typer.Exit(1)


async def check_all() -> list[KeyResult]:
    """Checks all keys of all providers."""
    return [
        each for one in await asyncio.gather(*map(list_offers, load_providers())) for each in one
    ]
