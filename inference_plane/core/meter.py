"""What a request may cost, has cost so far, and cost in the end: the arithmetic of one hold.

A hold starts small, with the prompt and a first piece of the answer, and grows while the answer
does. So a user whose balance covers one answer can ask for one, however large the answer's limit
is, and many requests at once each set aside only what they are about to use.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from inference_plane.core import events
from inference_plane.core.events import Event
from shared.catalogue import Model
from shared.credits import Price, Tokens, cost

FIRST_ALLOWANCE = 256
"""Output tokens that the first hold covers."""

ALLOWANCE_MAX = 4_096
"""Each extension covers twice as much as the one before, up to this."""

OVERSHOOT = 256
"""So much more is held for at a time once our own count has passed the cap."""

OUTPUT_MAX = 16_384
"""No hold is sized for more output than this, whatever was asked for."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a model costs: vendors may reprice a whole request by the size of its prompt.

    The size is that of the whole prompt, what came from a cache included.
    """

    usual: Price
    long: Price | None = None
    long_from: int = 0

    def of(self, prompt_tokens: int) -> Price:
        if self.long is not None and prompt_tokens >= self.long_from:
            return self.long
        return self.usual


def prices_of(model: Model) -> Prices:
    usual = Price(
        model.input_price, model.cache_read_price, model.cache_write_price, model.output_price
    )
    long = model.long
    if long is None:
        return Prices(usual)
    dear = Price(long.input_price, long.cache_read_price, long.cache_write_price, long.output_price)
    return Prices(usual, dear, long.from_tokens)


def output_cap(asked: int | None, model: Model, choices: int) -> int:
    """The most output tokens a hold may ever be sized for."""
    limit = model.max_output_tokens or OUTPUT_MAX
    return min(asked or limit, limit, OUTPUT_MAX) * choices


_SAID = (events.Text, events.Thought, events.Refused, events.Arguments)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


@dataclass(slots=True)
class Meter:
    """One request's tokens and credits. Amounts are micro-credits, rounded up to `increment`."""

    prices: Prices
    increment: int
    prompt_tokens: int
    cap: int
    held: int = 0
    step: int = 0
    output_bytes: int = 0
    output_frames: int = 0
    allowance: int = 0
    reported: Tokens | None = field(default=None)
    complete: bool = False
    growing: bool = True

    def __post_init__(self) -> None:
        self.allowance = min(self.cap, FIRST_ALLOWANCE)

    def first_want(self) -> int:
        return self._cost(self.allowance)

    def least(self) -> int:
        """The prompt and one token: less than that is not worth starting."""
        return self._cost(1)

    def tokens_wanted(self) -> int:
        return self.prompt_tokens + self.allowance

    def affordable_output(self, available: int) -> int:
        """How many output tokens that balance pays for, the prompt paid first."""
        price = self.prices.of(self.prompt_tokens)
        rest = available * 1_000_000 - self.prompt_tokens * price.input
        return max(1, rest // price.output) if price.output else self.cap

    def take(self, seen: Sequence[Event]) -> None:
        """One frame of the answer went by. A frame that says something is at least one token."""
        size, said = 0, False
        for event in seen:
            if isinstance(event, _SAID):
                said, size = True, size + _size(event.text)
            elif isinstance(event, events.ToolCalled):
                said, size = True, size + _size(event.name)
            elif isinstance(event, events.Used):
                self.reported = event.tokens
            elif isinstance(event, events.Ended):
                self.complete = True
        if said:
            self.output_bytes += size
            self.output_frames += 1

    @property
    def output_tokens(self) -> int:
        return max(self.output_frames, -(-self.output_bytes // 4))

    @property
    def spent(self) -> int:
        """What the answer has cost so far, by our own count."""
        return self._cost(self.output_tokens)

    @property
    def wants_more(self) -> bool:
        """Three quarters of what is held for have gone by; at the cap, all of it.

        The cap is counted by the provider, and we count by length: an answer that ends at its
        limit may well look longer than that, and is no reason to stop it.
        """
        if not self.growing:
            return False
        if self.allowance < self.cap:
            return self.output_tokens * 4 >= self.allowance * 3
        return self.overdrawn

    @property
    def overdrawn(self) -> bool:
        return self.spent > self.held

    def next_allowance(self) -> int:
        if self.allowance < self.cap:
            return min(self.cap, self.allowance + min(self.allowance, ALLOWANCE_MAX))
        return max(self.allowance, self.output_tokens) + OVERSHOOT

    def more_wanted(self) -> int:
        return max(0, self._cost(self.next_allowance()) - self.held)

    def extended(self, held: int) -> None:
        self.allowance, self.held = self.next_allowance(), held

    def final(self) -> Tokens:
        """The provider's own count where it gave one, else ours.

        A count that came before the end tells of the prompt; of the answer it may know less than
        has been delivered.
        """
        own = self.reported
        if own is None:
            return Tokens(input=self.prompt_tokens, output=self.output_tokens)
        if self.complete or own.output >= self.output_tokens:
            return own
        return replace(own, output=self.output_tokens)

    @property
    def estimated(self) -> bool:
        return self.reported is None or not self.complete

    def charge(self) -> int:
        used = self.final()
        return cost(used, self.prices.of(used.prompt), self.increment)

    def _cost(self, output: int) -> int:
        tokens = Tokens(input=self.prompt_tokens, output=output)
        return cost(tokens, self.prices.of(self.prompt_tokens), self.increment)
