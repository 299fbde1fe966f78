"""What a request may cost, has cost so far, and cost in the end; and when its hold is extended.

A hold starts small, with the prompt and a first part of the answer, and is extended as the answer
grows. So a user whose balance covers one answer can request one however large its limit is, and
each of many concurrent requests holds only what it is about to use.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import astuple, replace

from inference_plane.core import events
from inference_plane.core.events import Event
from shared.catalogue import Model
from shared.credits import BALANCE_MICRO_MAX, Price, Tokens, cost
from shared.events import TOKENS_MAX

FIRST_ALLOWANCE = 256
"""Output tokens that the first hold covers."""

ALLOWANCE_MAX = 4_096
"""Each extension covers twice as much as the one before, up to this."""

OVERSHOOT = 256
"""Output tokens that each extension covers once our own count has passed the cap."""

OUTPUT_MAX = 16_384
"""No hold covers more output tokens than this, whatever limit was requested."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a model costs. A vendor may price a whole request higher for a long prompt.

    The length is that of the whole prompt, cached tokens included.
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
    higher = Price(
        long.input_price, long.cache_read_price, long.cache_write_price, long.output_price
    )
    return Prices(usual, higher, long.from_tokens)


def output_cap(requested: int | None, model: Model, choices: int) -> int:
    """The most output tokens that a hold may cover. `requested` is the caller's limit, if any."""
    limit = model.max_output_tokens or OUTPUT_MAX
    return min(requested or limit, limit, OUTPUT_MAX) * choices


def _bounded(tokens: Tokens) -> Tokens:
    """Within what a usage event may say."""
    counts = astuple(tokens)
    if max(counts) <= TOKENS_MAX:
        return tokens
    return Tokens(*(min(count, TOKENS_MAX) for count in counts))


_OUTPUT = (events.Text, events.Thought, events.Refused, events.Arguments)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


@dataclass(slots=True)
class Meter:
    """One request's tokens and credits. Amounts are micro-credits, rounded up to `increment`.

    `allowance` is the output tokens that the hold covers, `cap` the most it may be sized for.
    `context` is the most tokens that the model reads and, per choice, that it writes; 0 is unknown.
    `corrected`: the provider's count could not be true; `counted`: it counted any tokens at all.
    """

    prices: Prices
    increment: int
    prompt_tokens: int
    cap: int
    held: int = 0
    extension_step: int = 0
    output_bytes: int = 0
    output_frames: int = 0
    allowance: int = 0
    reported: Tokens | None = field(default=None)
    complete: bool = False
    extendable: bool = True
    context: int = 0
    choices: int = 1
    corrected: bool = False
    counted: bool = False
    output_known: bool = True

    def __post_init__(self) -> None:
        self.allowance = min(self.cap, FIRST_ALLOWANCE)

    def first_hold(self) -> int:
        """The prompt and the first allowance, in micro-credits."""
        return self._cost(self.allowance)

    def min_hold(self) -> int:
        """The prompt and one token, in micro-credits: with less a request does not start."""
        return self._cost(1)

    def hold_tokens(self) -> int:
        """What the first hold covers, prompt included; counted against tokens per minute."""
        return self.prompt_tokens + self.allowance

    def affordable_output(self, available: int) -> int:
        """How many output tokens `available` micro-credits pay for, after the prompt."""
        price = self.prices.of(self.prompt_tokens)
        rest = available * 1_000_000 - self.prompt_tokens * price.input
        return max(1, rest // price.output) if price.output else self.cap

    def add(self, decoded: Sequence[Event]) -> None:
        """Counts one frame. A frame with any output is at least one token."""
        size, has_output = 0, False
        for event in decoded:
            if isinstance(event, _OUTPUT):
                has_output, size = True, size + _size(event.text)
            elif isinstance(event, events.ToolCalled):
                has_output, size = True, size + _size(event.name)
            elif isinstance(event, events.Used):
                self._report(event)
            elif isinstance(event, events.Ended):
                self.complete = True
        if has_output:
            self.output_bytes += size
            self.output_frames += 1

    @property
    def output_tokens(self) -> int:
        """By our own count, which is an estimate."""
        return max(self.output_frames, -(-self.output_bytes // 4))

    @property
    def spent(self) -> int:
        """What the answer has cost so far by our own count, in micro-credits."""
        return self._cost(self.output_tokens)

    @property
    def extension_due(self) -> bool:
        """Whether three quarters of the allowance are used; at the cap, all of it.

        The provider counts tokens and we estimate them by length, so an answer that ends at its
        limit may look longer than that. It is not stopped for it.
        """
        if not self.extendable:
            return False
        if self.allowance < self.cap:
            return self.output_tokens * 4 >= self.allowance * 3
        return self.overdrawn

    @property
    def overdrawn(self) -> bool:
        """Whether the answer has cost more than is held."""
        return self.spent > self.held

    def next_allowance(self) -> int:
        """The output tokens that the hold covers once it has been extended."""
        if self.allowance < self.cap:
            return min(self.cap, self.allowance + min(self.allowance, ALLOWANCE_MAX))
        return max(self.allowance, self.output_tokens) + OVERSHOOT

    def extension_target(self) -> int:
        """The micro-credits to add to the hold."""
        return max(0, self._cost(self.next_allowance()) - self.held)

    def extended(self, held: int) -> None:
        """Notes that the hold was extended to `held` micro-credits in all."""
        self.allowance, self.held = self.next_allowance(), held

    def final(self) -> Tokens:
        """The provider's own count if it gave one, else ours.

        A count that came before the end is right about the prompt; of the answer it may cover less
        than has been delivered. What cannot be true was left out when it was reported.
        """
        reported = self.reported
        if reported is None:
            return _bounded(Tokens(input=self.prompt_tokens, output=self.output_tokens))
        if self.output_known and (self.complete or reported.output >= self.output_tokens):
            return _bounded(reported)
        return _bounded(replace(reported, output=self.output_tokens))

    @property
    def estimated(self) -> bool:
        """Whether `final` rests on our own count, or on a count that was corrected."""
        return self.reported is None or not self.complete or self.corrected

    def charge(self) -> int:
        """What the request costs, in micro-credits; never more than a balance can be."""
        used = self.final()
        charge = cost(used, self.prices.of(used.prompt), self.increment)
        return min(charge, BALANCE_MICRO_MAX // self.increment * self.increment)

    def _report(self, used: events.Used) -> None:
        """Takes the provider's count; our own replaces what is unknown or beyond the model."""
        tokens, limit = used.tokens, self.context or TOKENS_MAX
        prompt_known = used.prompt_known and tokens.prompt <= limit
        self.output_known = used.output_known and tokens.output <= limit * self.choices
        self.corrected = used.corrected or not prompt_known or not self.output_known
        prompt, output = tokens.prompt * prompt_known, tokens.output * self.output_known
        self.counted = prompt + output > 0
        if not prompt_known:
            tokens = replace(tokens, input=self.prompt_tokens, cache_read=0, cache_write=0)
        if not self.output_known:
            tokens = replace(tokens, output=self.output_tokens, reasoning=0)
        self.reported = tokens if prompt_known or self.output_known else None

    def _cost(self, output: int) -> int:
        tokens = Tokens(input=self.prompt_tokens, output=output)
        return cost(tokens, self.prices.of(self.prompt_tokens), self.increment)
