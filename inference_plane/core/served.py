"""How a request is served: on which tier, where, with which tools, as far as the answer says.

Until it says, the request counts as served on the dearest of what it may be: the standard tier, or
the one it names.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from inference_plane.core import events
from inference_plane.core.options import Option
from inference_plane.core.prices import ALTERNATIVES, STANDARD, Prices
from shared.credits import PARTS, Price, Tokens, unpriced

ANYWHERE = ("", "global", "not_available")
"""What Anthropic writes where a request may be served anywhere, or a model knows no regions.

Source: https://docs.anthropic.com/en/api/messages, "Usage", and recorded answers.
"""


USES_MAX = 1_000
"""No answer uses one tool more often, whatever its vendor says."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")


def _plain(name: str) -> str:
    """A vendor's word, if it is one; it is stored in the usage history."""
    return name if _NAME.fullmatch(name) else "unknown"


@dataclass(slots=True)
class Served:
    """`tiers` are those that it may be served on; `expected` are uses that the hold covers.

    `is_dearer`: what the answer says may cost more than its tokens on the standard tier.
    """

    tiers: tuple[str, ...] = (STANDARD,)
    region: str = ""
    uses: dict[str, int] = field(default_factory=dict)
    expected: dict[str, int] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()
    is_dearer: bool = False
    _prices: dict[int, Price] = field(default_factory=dict)

    @property
    def tier(self) -> str:
        """The tier that was served; that was requested if the answer does not say."""
        return self.tiers[-1]

    def expect(self, options: Iterable[Option]) -> None:
        """Takes the options of a request into account."""
        for option in options:
            match option.kind:
                case "tier":
                    self.tiers = (*self.tiers, option.names[0])
                case "region":
                    self.region = option.names[0]
                case "tokens":
                    self.parts |= {option.names[0]}
                case "use":
                    self.expected |= dict.fromkeys(option.names, option.hold_uses)
        self._prices.clear()

    def report(self, event: events.Served) -> None:
        """Takes what the answer says. The last word counts."""
        if event.tier:
            self.tiers = (_plain(event.tier),)
            self._prices.clear()
        if event.region:
            self.region = "" if event.region in ANYWHERE else _plain(event.region)
        self.uses |= {name: min(count, USES_MAX) for name, count in event.uses}
        self.is_dearer = bool(self.uses or self.region) or self.tiers != (STANDARD,)

    def price(self, prices: Prices, prompt_tokens: int) -> Price:
        """Of one prompt's length, which is looked up once: it is needed for every frame."""
        found = self._prices.get(prompt_tokens)
        if found is None:
            found = self._prices[prompt_tokens] = prices.of(prompt_tokens, self.tiers)
        return found

    def hold_price(self, prices: Prices, prompt_tokens: int) -> Price:
        """The price with every token at what it may turn out to be: cached, heard or spoken."""
        price = self.price(prices, prompt_tokens)
        wholes = {"input": [price.input, price.cache_write], "output": [price.output]}
        for part in self.parts:
            whole = "output" if PARTS[part] == "output" else "input"
            wholes[whole].append(price.of_part(part))
        return replace(price, input=max(wholes["input"]), output=max(wholes["output"]))

    def hold_uses(self) -> dict[str, int]:
        """The uses so far, or those to be expected where they are more."""
        if not self.expected:
            return self.uses
        names = self.expected.keys() | self.uses.keys()
        return {name: max(self.expected.get(name, 0), self.uses.get(name, 0)) for name in names}

    def charged_uses(self, prices: Prices) -> dict[str, int]:
        """The uses that cost something."""
        return {n: count for n, count in self.uses.items() if prices.fees_of({n: count})}

    def unpriced(self, prices: Prices, tokens: Tokens) -> list[str]:
        """The names of what was served and has no price of its own."""
        found = [f"tier {each}" for each in self.tiers if each not in prices.tiers]
        if self.region and self.region not in prices.factors:
            found.append(f"region {self.region}")
        for name, count in self.uses.items():
            if count and not {name, *ALTERNATIVES.get(name, ())} & prices.fees.keys():
                found.append(f"use {name}")
        return found + unpriced(tokens, self.price(prices, tokens.prompt))
