"""`headrace models`: the catalogue beside what the vendors really offer."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from control_plane.admin import models as catalogue
from control_plane.catalogue.records import Deprecation, NewModel, Route
from deploy.commands.failure import Failure
from deploy.commands.providers import ask_all
from deploy.commands.target import with_pool
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
    answers = asyncio.run(ask_all())
    for each in answers:
        if each.error:
            print(f"{each.provider} ({each.key}) was not asked: {each.error}")
    models = with_pool(catalogue.list_models)
    found = compare(models, with_pool(catalogue.list_routes), answers)
    Console().print(_table(found))
    wanted = _chosen(found, add or [])
    if wanted:
        with_pool(lambda pool: catalogue.add_models(pool, wanted))
        print(f"taken in: {', '.join(each.id for each in wanted)}; give each a price")
    if retire:
        withdrawn = with_pool(lambda pool: catalogue.withdraw_routes(pool, found.gone))
        deprecations = [_deprecation(each) for each in found.leaving]
        with_pool(lambda pool: catalogue.set_deprecations(pool, deprecations))
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


def _deprecation(leaving: Leaving) -> Deprecation:
    return Deprecation(leaving.model, leaving.deprecated_at, leaving.sunset_at)
