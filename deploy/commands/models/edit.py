"""`headrace models add`, `route`, `enable`, `retire`: what an operator changes of a model."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from control_plane.admin import models as catalogue
from control_plane.catalogue.records import Deprecation, ModelChange, NewModel, Route
from deploy.commands.failure import Failure
from deploy.commands.target import with_pool

Id = Annotated[str, typer.Argument(help="The model's id.")]
Upstream = Annotated[str, typer.Argument(help="Where it is served, as `provider/model`.")]
Aliases = Annotated[
    list[str] | None, typer.Option("--alias", help="Another name of it; repeat for more.")
]
_CAPABILITIES = ("text", "vision", "function_calling", "code", "long_context", "embedding")


def add(
    model: Id,
    upstream: Upstream,
    *,
    context: Annotated[int, typer.Option(min=1, help="Tokens that it reads.")] = 128_000,
    output: Annotated[int, typer.Option(min=0, help="Tokens that it writes.")] = 8_192,
    name: Annotated[str, typer.Option(help="The name that is shown; else its id.")] = "",
    capability: Annotated[list[str] | None, typer.Option(help="Repeat for more.")] = None,
    alias: Aliases = None,
) -> None:
    """Add a model. It is offered once it has a price and is enabled."""
    _check(capability or [])
    to = _route(model, upstream)
    new = NewModel(model, to.provider, name or model, context, output, to)
    with_pool(lambda pool: catalogue.add_model(pool, new, alias or []))
    if capability:
        change = ModelChange(model, capabilities=capability)
        with_pool(lambda pool: catalogue.change_model(pool, change))
    print(f"added: {model}; set a price, then `headrace models enable {model}`")


def route(
    model: Id,
    upstream: Upstream,
    *,
    order: Annotated[int, typer.Option(min=0, help="Lower ones are tried first.")] = 0,
    weight: Annotated[int, typer.Option(min=1, help="Its share among routes of one order.")] = 1,
    keys: Annotated[str, typer.Option(help="The group of keys to use.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Remove it instead.")] = False,
) -> None:
    """Add a route to a model, or remove one."""
    to = _route(model, upstream, order, weight, keys)
    if remove:
        withdrawn = with_pool(lambda pool: catalogue.withdraw_routes(pool, [to]))
        print(f"removed; not available any more: {', '.join(withdrawn) or 'none'}")
        return
    with_pool(lambda pool: catalogue.add_route(pool, to))
    print(f"{model} is served by {upstream}")


def enable(
    model: Id,
    tier: Annotated[str | None, typer.Option(help="The lowest plan that may use it.")] = None,
    alias: Aliases = None,
) -> None:
    """Offer a model, to a plan and those above it."""
    change = ModelChange(model, required_tier=tier, available=True)
    with_pool(lambda pool: catalogue.change_model(pool, change, alias or []))
    print(f"{model} is available" + (f" from the {tier} plan on" if tier else ""))


def retire(
    model: Id,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day; without it, it ends at once."),
    ] = None,
    replacement: Annotated[str | None, typer.Option(help="The model to use instead.")] = None,
) -> None:
    """Withdraw a model, now or from a day on. Answers carry a warning until then."""
    change = ModelChange(model, available=None if on else False, replacement_id=replacement)
    with_pool(lambda pool: catalogue.change_model(pool, change))
    if on is not None:
        ends = Deprecation(model, None, on.replace(tzinfo=UTC))
        with_pool(lambda pool: catalogue.set_deprecations(pool, [ends]))
    print(f"{model} ends {on:%Y-%m-%d}" if on else f"{model} is not available any more")


def _check(capabilities: list[str]) -> None:
    unknown = sorted({*capabilities} - {*_CAPABILITIES})
    if unknown:
        raise Failure(f"a capability is one of {', '.join(_CAPABILITIES)}; not {unknown[0]}")


def _route(model: str, upstream: str, order: int = 0, weight: int = 1, keys: str = "") -> Route:
    provider, slash, name = upstream.partition("/")
    if not (slash and provider and name):
        raise Failure(f"write it as `provider/model`, not {upstream!r}")
    return Route(model, provider, name, order, weight, keys)
