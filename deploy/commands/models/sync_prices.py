"""`headrace models sync --prices`: the vendors' prices beside the catalogue's, and their adoption.

A change is a new price, from now or from the day that the vendor has announced on; older usage
keeps what it was charged by.
"""

from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from control_plane.admin import models as catalogue
from control_plane.catalogue.pricing import Pricing
from control_plane.kit.clock import now
from deploy.commands.failure import Failure
from deploy.commands.target import load_settings, with_pool
from deploy.vendors.price_changes import Change, compare, is_flat
from shared.credits import in_words


def sync_prices(names: Sequence[str], *, apply: bool) -> None:
    """Show what differs, of all models or of those named; with `apply`, adopt it.

    A model with one price for every token is left alone unless it is named. Raises Failure for a
    name that no model has.
    """
    moment = now()
    models = with_pool(catalogue.list_models)
    unknown = sorted(set(names) - {model.id for model in models})
    if unknown:
        raise Failure(f"not in the catalogue: {', '.join(unknown)}")
    chosen = [m for m in models if (m.id in names if names else not is_flat(m))]
    known = with_pool(catalogue.list_scheduled)
    pricing = Pricing.of(load_settings())
    changes = list(compare(chosen, pricing, moment, known))
    Console().print(_table(changes))
    if not apply:
        print("nothing was changed; add --apply to adopt these prices" if changes else "no changes")
        return
    new = [c.new if c.scheduled else replace(c.new, effective_at=moment) for c in changes]
    added = with_pool(lambda pool: catalogue.add_prices(pool, new))
    print(f"adopted: {', '.join(added) or 'none'}")


def _table(changes: list[Change]) -> Table:
    table = Table("model", "from", "of", "now", "new", "", title="Prices, in credits")
    for change in changes:
        day = f"{change.new.effective_at:%Y-%m-%d}" if change.scheduled else "now"
        for name, (old, new) in change.amounts.items():
            style = "red" if new > old else "green"
            row = (change.new.model_id, day, name, *(_shown(name, each) for each in (old, new)))
            table.add_row(*row, _percent(old, new), style=style)
    return table


def _shown(name: str, amount: int) -> str:
    if not amount:
        return "none"
    return f"{amount} %" if name.startswith("region ") else in_words(amount)


def _percent(old: int, new: int) -> str:
    if not old or not new:
        return ""
    return f"{(new - old) * 100 // old:+d} %"
