"""`headrace models price`: a new price of a model, from a moment on.

What is not named costs what it did. Amounts are the vendor's dollars, which the settings turn into
credits, or credits themselves.
"""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from control_plane.admin import models as catalogue
from control_plane.catalogue.new_prices import STANDARD, NewPrice, rates_of
from control_plane.catalogue.pricing import Pricing
from control_plane.catalogue.records import Model, ModelChange, Rate
from control_plane.kit.clock import now
from deploy.commands.failure import Failure
from deploy.commands.target import load_settings, with_pool
from inference_plane.core.hosted_tools import USES
from shared.credits import BASE_KINDS, PARTS
from shared.errors import ModelNotFound

_KINDS = (*BASE_KINDS, *PARTS)
_CREDITS = Pricing(1, Decimal(1))


def price(
    model: Annotated[str, typer.Argument(help="The model's id.")],
    *,
    rate: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="`kind=amount` per million tokens, `tier.kind=amount`, or"
            " `tier.kind@tokens=amount` for longer prompts. Repeat for more.",
        ),
    ] = None,
    fee: Annotated[
        list[str] | None, typer.Option(help="`use=amount` per 1,000 uses, such as web_search=10.")
    ] = None,
    region: Annotated[
        list[str] | None, typer.Option(help="`region=percent` of the price of tokens.")
    ] = None,
    margin: Annotated[
        str | None, typer.Option(help="The model's own margin, such as 1.5, from now on.")
    ] = None,
    credits: Annotated[bool, typer.Option("--credits", help="Amounts are credits.")] = False,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Not before this day.")
    ] = None,
) -> None:
    """Set what a model costs: tokens by kind and service tier, uses of tools, regions."""
    current = _current(model)
    percent = _percent(margin) if margin else (current.margin_percent if current else None)
    pricing = _CREDITS if credits else Pricing.of(load_settings())
    own = None if credits else percent

    def micro(amount: str) -> int:
        return pricing.micro(_amount(amount), own)

    rates = {(r.tier, r.from_tokens, r.kind): r.micro for r in rates_of(current)} if current else {}
    rates |= {_place(name): micro(amount) for name, amount in _pairs(rate)}
    _check_complete(rates)
    fees = dict(current.extras.fees) if current else {}
    fees |= {_use(name): micro(amount) for name, amount in _pairs(fee)}
    factors = dict(current.extras.factors) if current else {}
    factors |= {name: int(_amount(value)) for name, value in _pairs(region)}
    listed = tuple(Rate(*place, amount) for place, amount in _complete(rates).items())
    moment = since.replace(tzinfo=UTC) if since else now()
    new = NewPrice(current.id if current else model, moment, listed, fees, factors)
    [price_id] = with_pool(lambda pool: catalogue.add_prices(pool, [new]))
    if margin:
        change = ModelChange(new.model_id, margin_percent=percent)
        with_pool(lambda pool: catalogue.change_model(pool, change))
    print(f"{price_id} holds from {moment:%Y-%m-%d %H:%M} UTC on")


def _current(model: str) -> Model | None:
    try:
        return with_pool(lambda pool: catalogue.load_model(pool, model))
    except ModelNotFound:
        return None


def _check_complete(rates: dict[tuple[str, int, str], int]) -> None:
    if not all((STANDARD, 0, kind) in rates for kind in ("input", "output")):
        raise Failure("the first price of a model needs `--set input=… --set output=…`")


def _complete(rates: dict[tuple[str, int, str], int]) -> dict[tuple[str, int, str], int]:
    """What is cached costs what the rest does, where the first price does not say."""
    usual = rates[STANDARD, 0, "input"]
    return (
        dict.fromkeys(((STANDARD, 0, kind) for kind in ("cache_read", "cache_write")), usual)
        | rates
    )


def _pairs(values: list[str] | None) -> list[tuple[str, str]]:
    found = [value.partition("=") for value in values or ()]
    wrong = next(
        (value for value, pair in zip(values or (), found, strict=True) if not pair[2]), ""
    )
    if wrong:
        raise Failure(f"write it as `name=amount`, not {wrong!r}")
    return [(name.strip(), amount.strip()) for name, _, amount in found]


def _place(name: str) -> tuple[str, int, str]:
    """`kind`, `tier.kind` or `tier.kind@tokens`."""
    place, _, tokens = name.partition("@")
    tier, dot, kind = place.rpartition(".")
    if kind not in _KINDS or (tokens and not tokens.isdigit()):
        raise Failure(f"{name!r} is no kind of token: one of {', '.join(_KINDS)}")
    return (tier if dot else STANDARD), int(tokens or 0), kind


def _use(name: str) -> str:
    if name not in USES:
        raise Failure(f"{name!r} is no use of a tool: one of {', '.join(USES)}")
    return name


def _amount(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Failure(f"{text!r} is not an amount") from None
    if not value.is_finite() or value <= 0:
        raise Failure("an amount must be above zero")
    return value


def _percent(margin: str) -> int:
    return int(_amount(margin) * 100)
