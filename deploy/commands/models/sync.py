"""`headrace models sync`: compares the catalogue with what the vendors offer."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from control_plane.admin import models as catalogue
from control_plane.catalogue.records import Deprecation, NewModel, Route
from deploy.commands.failure import Failure
from deploy.commands.models.sync_prices import sync_prices
from deploy.commands.providers import check_all
from deploy.commands.target import with_pool
from deploy.vendors.comparison import Comparison, Retirement, compare
from deploy.vendors.offers import Offer

_CONTEXT_ASSUMED, _OUTPUT_ASSUMED = 128_000, 8_192
"""For a vendor that does not report limits; correct them in the catalogue."""


def sync(
    add: Annotated[
        list[str] | None,
        typer.Option("--add", help="Add this model, as `provider/model`; repeat for more."),
    ] = None,
    *,
    retire: Annotated[
        bool,
        typer.Option(
            "--retire", help="Remove routes to retired models; record announced shutdown dates."
        ),
    ] = False,
    prices: Annotated[
        bool, typer.Option("--prices", help="Compare prices instead; shows what would change.")
    ] = False,
    model: Annotated[
        list[str] | None, typer.Option(help="Only the prices of this model; repeat for more.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Adopt the vendors' prices.")] = False,
) -> None:
    """Show which models the catalogue lacks and which the vendors have retired.

    A model that is added is not offered until it has a price and is made available.
    """
    if prices:
        sync_prices(model or [], apply=apply)
        return
    results = asyncio.run(check_all())
    for each in results:
        if each.error:
            print(f"{each.provider} ({each.key}) could not be read: {each.error}")
    models = with_pool(catalogue.list_models)
    found = compare(models, with_pool(catalogue.list_routes), results)
    Console().print(_table(found))
    wanted = _chosen(found, add or [])
    if wanted:
        with_pool(lambda pool: catalogue.add_models(pool, wanted))
        print(f"added: {', '.join(each.id for each in wanted)}; set a price for each")
    if retire:
        withdrawn = with_pool(lambda pool: catalogue.withdraw_routes(pool, found.retired))
        deprecations = [_deprecation(each) for each in found.retiring]
        with_pool(lambda pool: catalogue.set_deprecations(pool, deprecations))
        print(f"withdrawn: {', '.join(withdrawn) or 'none'}; dated: {len(found.retiring)}")


def _table(found: Comparison) -> Table:
    table = Table("", "provider", "model", "", title="Catalogue and vendors")
    for route in found.retired:
        retired = f"gone; serves {route.model_id}"
        table.add_row("-", route.provider, route.upstream_model, retired, style="red")
    for retiring in found.retiring:
        until = f"ends {retiring.sunset_at:%Y-%m-%d}" if retiring.sunset_at else ""
        table.add_row("!", "", retiring.model, until, style="yellow")
    for offer in found.missing:
        table.add_row("+", offer.provider, offer.model, offer.name, style="green")
    return table


def _chosen(found: Comparison, names: list[str]) -> list[NewModel]:
    """Raises Failure for a name that no vendor offers."""
    offers = {f"{offer.provider}/{offer.model}": offer for offer in found.missing}
    unknown = [name for name in names if name not in offers]
    if unknown:
        raise Failure(
            f"not offered by any vendor, or already in the catalogue: {', '.join(unknown)}"
        )
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


def _deprecation(retiring: Retirement) -> Deprecation:
    return Deprecation(retiring.model, retiring.deprecated_at, retiring.sunset_at)
