"""`headrace models show`: the catalogue, or one model with everything that it costs."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from control_plane.admin import models as catalogue
from control_plane.catalogue.new_prices import rates_of
from control_plane.catalogue.records import Model
from deploy.commands.target import with_pool
from shared.credits import in_words


def show(
    model: Annotated[str | None, typer.Argument(help="A model's id or other name.")] = None,
) -> None:
    """Show all models, or one with its prices, routes and other names."""
    if model is None:
        Console().print(_all(with_pool(catalogue.list_models)))
        return
    found = with_pool(lambda pool: catalogue.load_model(pool, model))
    Console().print(_facts(found))
    Console().print(_prices(found))


def _all(models: list[Model]) -> Table:
    table = Table(title="Models", caption="credits per million tokens")
    table.add_column(
        "model", no_wrap=True, min_width=max((len(each.id) for each in models), default=0)
    )
    for name in ("provider", "plan"):
        table.add_column(name)
    for name in ("input", "output"):
        table.add_column(name, justify="right")
    table.add_column("")
    for each in models:
        amounts = (in_words(each.input_micro), in_words(each.output_micro))
        more = "deprecated" if each.deprecated else ""
        more = more if each.available else "not offered"
        table.add_row(each.id, each.provider, each.required_tier, *amounts, more)
    return table


def _facts(model: Model) -> Table:
    table = Table("", "", title=model.id, show_header=False)
    margin = f"{model.margin_percent} %" if model.margin_percent else "the deployment's"
    facts = {
        "name": model.name,
        "plan": model.required_tier,
        "available": "yes" if model.available else "no",
        "context": f"{model.context_length:,} tokens, {model.max_output_tokens:,} of output",
        "capabilities": ", ".join(model.capabilities),
        "other names": ", ".join(model.aliases),
        "routes": ", ".join(f"{r.provider}/{r.upstream_model}" for r in model.routes),
        "margin": margin,
        "shutdown": f"{model.sunset_at:%Y-%m-%d}" if model.sunset_at else "",
        "replacement": model.replacement_id or "",
    }
    for name, value in facts.items():
        table.add_row(name, value)
    return table


def _prices(model: Model) -> Table:
    table = Table("tier", "from tokens", "of", "credits", "per", title=f"Price {model.price_id}")
    for rate in rates_of(model):
        start = f"{rate.from_tokens:,}" if rate.from_tokens else ""
        table.add_row(rate.tier, start, rate.kind, in_words(rate.micro), "million tokens")
    for use, fee in model.extras.fees.items():
        table.add_row("", "", use, in_words(fee), "thousand uses")
    for region, percent in model.extras.factors.items():
        table.add_row("", "", f"region {region}", f"{percent} %", "price of tokens")
    return table
