"""What a model costs: by service tier, length of the prompt, kind of token, use and region.

A vendor serves a request on a tier that the answer names, so the price is looked up by what was
served. What has no price is charged at the dearest one there is, and is named as unpriced.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shared.catalogue import Model
from shared.credits import BASE_KINDS, PARTS, Price, dearest

STANDARD = "standard"
Steps = tuple[tuple[int, Price], ...]
"""Prices by the length of the prompt from which they hold, ascending; the first is from 0."""


@dataclass(frozen=True, slots=True)
class Prices:
    """All prices of a model. The length is that of the whole prompt, cached tokens included.

    `fees` are micro-credits per 1,000 uses; `fallback_fees` the dearest ones of the catalogue, for
    uses that this model has no fee for. `factors` are percent, by region.
    """

    tiers: Mapping[str, Steps]
    fees: Mapping[str, int] = field(default_factory=dict)
    fallback_fees: Mapping[str, int] = field(default_factory=dict)
    factors: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def single(cls, price: Price, long: Price | None = None, long_from: int = 0) -> "Prices":
        """Those of a model with nothing but a standard tier."""
        steps: Steps = ((0, price),) if long is None else ((0, price), (long_from, long))
        return cls({STANDARD: steps})

    def of(self, prompt_tokens: int, tiers: Iterable[str] = (STANDARD,)) -> Price:
        """The price on a tier; of several, or if one is unknown, the dearest of each kind."""
        names = list(tiers)
        if not all(name in self.tiers for name in names):
            names = list(self.tiers)
        return dearest([_step(self.tiers[name], prompt_tokens) for name in names])

    def fees_of(self, uses: Mapping[str, int]) -> int:
        """What these uses cost, in thousandths of a micro-credit.

        A use without a fee is free if another name of the same use has one.
        """
        return sum(count * self._fee(name) for name, count in uses.items() if count)

    def percent_of(self, region: str) -> int:
        """The factor of this region; the highest there is for one that is unknown."""
        if not region:
            return 100
        return self.factors.get(region) or max([100, *self.factors.values()])

    def prices_part(self, part: str) -> bool:
        """Whether a part has a price on the standard tier."""
        return part == "image_input" or bool(getattr(self.of(0), part))

    def _fee(self, name: str) -> int:
        if name in self.fees or any(each in self.fees for each in ALTERNATIVES.get(name, ())):
            return self.fees.get(name, 0)
        return self.fallback_fees.get(name, 0)


ALTERNATIVES: dict[str, tuple[str, ...]] = {
    "web_search": ("grounded_prompt",),
    "grounded_prompt": ("web_search",),
}
"""Two ways to count one thing: Gemini 3 bills each search, older models each grounded prompt.

Source: https://ai.google.dev/gemini-api/docs/pricing, "Grounding with Google Search".
"""


def prices_of(model: Model, fallback_fees: Mapping[str, int] | None = None) -> Prices:
    """The model's prices as the catalogue has them."""
    named: dict[str, dict[int, dict[str, int]]] = {STANDARD: {0: _base(model)}}
    if model.long is not None:
        named[STANDARD][model.long.from_tokens] = _base(model.long)
    for rates in model.rates:
        steps = named.setdefault(rates.tier, {})
        steps[rates.from_tokens] = steps.get(rates.from_tokens, {}) | rates.prices
    standard = _steps(named.pop(STANDARD))
    tiers = {STANDARD: standard}
    tiers |= {tier: _beside(standard, steps) for tier, steps in named.items()}
    return Prices(tiers, model.fees, fallback_fees or {}, model.factors)


def _base(prices: object) -> dict[str, int]:
    return {kind: getattr(prices, f"{kind}_price") for kind in BASE_KINDS}


def _steps(named: Mapping[int, Mapping[str, int]]) -> Steps:
    """A step inherits the kinds that it does not name from the one before it."""
    steps, kinds = [], dict.fromkeys((*BASE_KINDS, *PARTS), 0)
    for from_tokens in sorted(named):
        kinds |= named[from_tokens]
        steps.append((from_tokens, Price(**kinds)))
    return tuple(steps)


def _beside(standard: Steps, named: Mapping[int, Mapping[str, int]]) -> Steps:
    """Another tier's steps. Where it names no price for a longer prompt, it costs no less than the
    standard tier does there.
    """
    steps: dict[int, Price] = {}
    kinds: dict[str, int] = {}
    for from_tokens in sorted({0, *named, *(each for each, _ in standard)}):
        usual = _step(standard, from_tokens)
        kinds |= named.get(from_tokens, {})
        own = {kind: getattr(usual, kind) for kind in (*BASE_KINDS, *PARTS)} | kinds
        price = Price(**own)
        steps[from_tokens] = price if from_tokens in named else dearest([price, usual])
    return tuple(steps.items())


def _step(steps: Steps, prompt_tokens: int) -> Price:
    return next(price for start, price in reversed(steps) if prompt_tokens >= start or not start)
