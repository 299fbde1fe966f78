"""/pricing: the plans on sale and what models cost, for everybody."""

from dataclasses import dataclass

from aiohttp import web

from control_plane.billing import subscriptions as billing
from control_plane.catalogue import service as catalogue
from control_plane.catalogue.new_prices import STANDARD
from control_plane.catalogue.records import Model
from control_plane.pages.request import PageRequest
from shared.credits import in_words


async def show_pricing(request: PageRequest) -> web.Response:
    """Plans and models, each in display order."""
    plans = await billing.list_plans(request.context.pool)
    models = await catalogue.list_models(request.context.pool)
    page = {
        "plans": plans,
        "models": [ModelPrice(model) for model in models if model.available],
        "signed_in": bool(request.session),
    }
    return request.render("pricing.html", page)


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """A model's row of the table, in credits."""

    model: Model

    @property
    def tokens(self) -> str:
        """Per million tokens of the standard tier."""
        amounts = (self.model.input_micro, self.model.output_micro)
        return " in, ".join(in_words(amount) for amount in amounts) + " out"

    @property
    def more(self) -> list[str]:
        """What else it costs, in words."""
        model, found = self.model, []
        if model.long_from_tokens:
            long = (model.long_input_micro, model.long_output_micro)
            amounts = " in, ".join(in_words(amount) for amount in long)
            found.append(f"{amounts} out from {model.long_from_tokens:,} tokens on")
        tiers = dict.fromkeys(rate.tier for rate in model.extras.rates)
        other = [tier for tier in tiers if tier != STANDARD]
        if other:
            found.append(f"also {' and '.join(other)}")
        fees = model.extras.fees
        if "web_search" in fees or "grounded_prompt" in fees:
            fee = fees.get("web_search") or fees["grounded_prompt"]
            found.append(f"web search {in_words(fee // 1_000)}")
        return found
