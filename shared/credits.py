"""Credits are integers of micro-credits; this module is the only arithmetic on them.

A public credit is 1,000,000 micro-credits. A cost is summed exactly in micro-credits and rounded
**once**, up, to the deployment's credit increment. There is no float here, and no I/O.
"""

from dataclasses import dataclass

from msgspec import Struct

MICRO = 1_000_000
"""Micro-credits in one public credit."""

BALANCE_MICRO_MAX = 2**53 - 1
"""Redis scripts count in doubles: above this an amount would no longer be exact."""


class Tokens(Struct, frozen=True, gc=False):
    """What a request used. `input` excludes both cache kinds; `output` includes `reasoning`.

    A Struct, because one is made for every frame that is metered.
    """

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    reasoning: int = 0

    @property
    def total(self) -> int:
        return self.prompt + self.output

    @property
    def prompt(self) -> int:
        return self.input + self.cache_read + self.cache_write


@dataclass(frozen=True, slots=True)
class Price:
    """Micro-credits per 1,000,000 tokens of each kind."""

    input: int
    cache_read: int
    cache_write: int
    output: int

    @classmethod
    def flat(cls, credits_per_1k_tokens_micro: int) -> "Price":
        """Every kind costs the same: what a model with only `credits_per_1k_tokens` has."""
        each = credits_per_1k_tokens_micro * 1_000
        return cls(each, each, each, each)


def round_up(amount: int, increment: int) -> int:
    """The next multiple of `increment` that is not below `amount`. Both in micro-credits."""
    return -(-amount // increment) * increment


def cost(tokens: Tokens, price: Price, increment: int) -> int:
    """What these tokens cost in micro-credits: exact, then rounded up once to `increment`."""
    exact = (
        tokens.input * price.input
        + tokens.cache_read * price.cache_read
        + tokens.cache_write * price.cache_write
        + tokens.output * price.output
    )
    return round_up(-(-exact // 1_000_000), increment)


def public(amount_micro: int, increment: int = MICRO) -> int | float:
    """The JSON number a user reads: whole while the increment is a whole credit."""
    if increment % MICRO == 0 and amount_micro % MICRO == 0:
        return amount_micro // MICRO
    return round(amount_micro / MICRO, 6)
