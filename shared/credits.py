"""Credits are integers of micro-credits; this module is the only arithmetic on them.

A public credit is 1,000,000 micro-credits. A cost is summed exactly in micro-credits and rounded
**once**, up, to the deployment's credit increment. There is no float here, and no I/O.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from msgspec import Struct

MICRO = 1_000_000
"""Micro-credits in one public credit."""

BALANCE_MICRO_MAX = 2**53 - 1
"""Redis scripts count in doubles: above this an amount would no longer be exact."""


class Tokens(Struct, frozen=True, gc=False):
    """What a request used. `input` excludes both cache kinds; `output` includes `reasoning`.

    The kinds below it are parts of those above: `cache_write_1h` of `cache_write`, `audio_input`
    and `image_input` of `input`, `audio_cache_read` of `cache_read`, `audio_output` and
    `image_output` of `output`. A Struct, because one is made for every frame that is metered.
    """

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    reasoning: int = 0
    cache_write_1h: int = 0
    audio_input: int = 0
    audio_cache_read: int = 0
    audio_output: int = 0
    image_input: int = 0
    image_output: int = 0

    @property
    def total(self) -> int:
        return self.prompt + self.output

    @property
    def prompt(self) -> int:
        return self.input + self.cache_read + self.cache_write

    @property
    def has_parts(self) -> bool:
        """Whether any of it is of a kind that may have a price of its own."""
        return bool(
            self.cache_write_1h
            or self.audio_input
            or self.audio_cache_read
            or self.audio_output
            or self.image_input
            or self.image_output
        )


PARTS: dict[str, str] = {
    "cache_write_1h": "cache_write",
    "audio_input": "input",
    "audio_cache_read": "cache_read",
    "audio_output": "output",
    "image_input": "input",
    "image_output": "output",
}
"""Kinds of tokens that may have a price of their own, and the kind that each is a part of."""

BASE_KINDS = ("input", "cache_read", "cache_write", "output")


@dataclass(frozen=True, slots=True)
class Price:
    """Micro-credits per 1,000,000 tokens of each kind. A part at 0 has no price of its own.

    Pictures are then read at the price of text, as the vendors do; any other part costs what the
    dearest kind does, so that nothing is ever sold below its cost.
    """

    input: int
    cache_read: int
    cache_write: int
    output: int
    cache_write_1h: int = 0
    audio_input: int = 0
    audio_cache_read: int = 0
    audio_output: int = 0
    image_input: int = 0
    image_output: int = 0

    @classmethod
    def flat(cls, credits_per_1k_tokens_micro: int) -> "Price":
        """Every kind costs the same: what a model with only `credits_per_1k_tokens` has."""
        each = credits_per_1k_tokens_micro * 1_000
        return cls(each, each, each, each)

    def of_part(self, part: str) -> int:
        """What this part costs, whether or not it has a price of its own."""
        own: int = getattr(self, part)
        if own:
            return own
        return self.input if part == "image_input" else max(astuple(self))


def dearest(prices: Sequence[Price]) -> Price:
    """The highest price of each kind."""
    if len(prices) == 1:
        return prices[0]
    return Price(*(max(each) for each in zip(*map(astuple, prices), strict=True)))


def unpriced(tokens: Tokens, price: Price) -> list[str]:
    """The parts that were used and have no price of their own. Pictures read do not need one."""
    if not tokens.has_parts:
        return []
    return [
        part
        for part in PARTS
        if part != "image_input" and getattr(tokens, part) and not getattr(price, part)
    ]


def round_up(amount: int, increment: int) -> int:
    """The next multiple of `increment` that is not below `amount`. Both in micro-credits."""
    return -(-amount // increment) * increment


def cost(tokens: Tokens, price: Price, increment: int, percent: int = 100, fees: int = 0) -> int:
    """What these tokens cost in micro-credits: exact, then rounded up once to `increment`.

    `percent` is a factor on the tokens; `fees` are thousandths of a micro-credit, added to them.
    """
    exact = (
        tokens.input * price.input
        + tokens.cache_read * price.cache_read
        + tokens.cache_write * price.cache_write
        + tokens.output * price.output
    )
    if tokens.has_parts:
        exact += sum(
            getattr(tokens, part) * (price.of_part(part) - getattr(price, whole))
            for part, whole in PARTS.items()
        )
    # Tokens are priced per million and by the hundredth, fees per thousand uses.
    hundred_millionths = exact * percent + fees * 100_000
    return round_up(-(-hundred_millionths // 100_000_000), increment)


def in_words(amount_micro: int) -> str:
    """An amount for a page or a terminal, exact: `2,000`, `0.5`."""
    whole, rest = divmod(amount_micro, MICRO)
    fraction = f".{rest:06}".rstrip("0") if rest else ""
    return f"{whole:,}{fraction}"


def public(amount_micro: int, increment: int = MICRO) -> int | float:
    """The JSON number a user reads: whole while the increment is a whole credit."""
    if increment % MICRO == 0 and amount_micro % MICRO == 0:
        return amount_micro // MICRO
    return round(amount_micro / MICRO, 6)
