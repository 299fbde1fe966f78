"""`headrace models`: the catalogue beside what the vendors really offer."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from control_plane import operations
from control_plane.catalogue.records import Dated, NewModel, Route
from deploy.commands.failure import Failure
from deploy.commands.providers import ask_all
from deploy.commands.target import load_settings
from deploy.vendors.comparison import Comparison, Leaving, compare
from deploy.vendors.offers import Offer

app = typer.Typer(help="The catalogue of models.", no_args_is_help=True)
_CONTEXT_ASSUMED, _OUTPUT_ASSUMED = 128_000, 8_192
"""For a vendor that does not tell; to be mended in the catalogue."""


@app.callback()
def group() -> None:
    """The catalogue of models."""


@app.command("sync")
def sync(
    add: Annotated[
        list[str] | None,
        typer.Option("--add", help="Take this offer in, `provider/model`; may be repeated."),
    ] = None,
    retire: Annotated[
        bool, typer.Option("--retire", help="Withdraw what is gone, date what is leaving.")
    ] = False,
) -> None:
    """Show what the catalogue lacks and what the vendors have retired; apply it when told.

    A model taken in is not offered until it has a price and is made available.
    """
    settings, answers = load_settings(), asyncio.run(ask_all())
    for each in answers:
        if each.error:
            print(f"{each.provider} ({each.key}) was not asked: {each.error}")
    models = asyncio.run(operations.list_models(settings))
    found = compare(models, asyncio.run(operations.list_routes(settings)), answers)
    Console().print(_table(found))
    wanted = _chosen(found, add or [])
    if wanted:
        asyncio.run(operations.add_models(settings, wanted))
        print(f"taken in: {', '.join(each.id for each in wanted)}; give each a price")
    if retire:
        withdrawn = asyncio.run(operations.withdraw_routes(settings, found.gone))
        asyncio.run(operations.date_models(settings, [_dated(each) for each in found.leaving]))
        print(f"withdrawn: {', '.join(withdrawn) or 'none'}; dated: {len(found.leaving)}")


def _table(found: Comparison) -> Table:
    table = Table("", "provider", "model", "", title="The catalogue beside the vendors")
    for route in found.gone:
        gone = f"gone; serves {route.model_id}"
        table.add_row("-", route.provider, route.upstream_model, gone, style="red")
    for leaving in found.leaving:
        until = f"ends {leaving.sunset_at:%Y-%m-%d}" if leaving.sunset_at else ""
        table.add_row("!", "", leaving.model, until, style="yellow")
    for offer in found.lacking:
        table.add_row("+", offer.provider, offer.model, offer.name, style="green")
    return table


def _chosen(found: Comparison, names: list[str]) -> list[NewModel]:
    """Raises Failure for a name that is not on offer."""
    offers = {f"{offer.provider}/{offer.model}": offer for offer in found.lacking}
    unknown = [name for name in names if name not in offers]
    if unknown:
        raise Failure(f"not on offer, or in the catalogue already: {', '.join(unknown)}")
    return [_taken_in(offers[name]) for name in names]


def _taken_in(offer: Offer) -> NewModel:
    return NewModel(
        id=offer.model,
        owned_by=offer.provider,
        name=offer.name,
        context_length=offer.context_length or _CONTEXT_ASSUMED,
        max_output_tokens=offer.max_output_tokens or _OUTPUT_ASSUMED,
        route=Route(offer.model, offer.provider, offer.model, 0, 1, ""),
    )


def _dated(leaving: Leaving) -> Dated:
    return Dated(leaving.model, leaving.deprecated_at, leaving.sunset_at)
