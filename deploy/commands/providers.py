"""`headrace providers`: whether each key is good, as its vendor's own SDK finds."""

import asyncio

import typer
from rich.console import Console
from rich.table import Table

from deploy.commands.target import load_providers
from deploy.vendors.offers import Answer, ask

app = typer.Typer(help="Model providers.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Model providers."""


@app.command("check")
def check() -> None:
    """Ask each provider what every key can call. Exit code 1 if one can't call anything."""
    answers = asyncio.run(ask_all())
    table = Table("provider", "keys", "models", "took", "")
    for each in answers:
        color = "red" if each.error else "green"
        took = f"{each.seconds:.1f} s"
        row = (each.provider, each.key, str(len(each.offers)), took, each.error or "ok")
        table.add_row(*row, style=color)
    Console().print(table)
    if any(each.error for each in answers):
        raise typer.Exit(1)


async def ask_all() -> list[Answer]:
    """Every key of every provider that has one."""
    return [each for one in await asyncio.gather(*map(ask, load_providers())) for each in one]
