"""What a request may cost, has cost so far, and cost in the end; and when its hold is extended.

A hold starts small, with the prompt and a first part of the answer, and is extended as the answer
grows. So a user whose balance covers one answer can request one however large its limit is, and
each of many concurrent requests holds only what it is about to use.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from msgspec.structs import astuple, replace

from inference_plane.core import events
from inference_plane.core.events import Event
from inference_plane.core.options import Option
from inference_plane.core.prices import Prices
from inference_plane.core.served import Served
from shared.catalogue import Model
from shared.credits import BALANCE_MICRO_MAX, Tokens, cost
from shared.events import TOKENS_MAX

FIRST_ALLOWANCE = 256
"""Output tokens that the first hold covers."""

ALLOWANCE_MAX = 4_096
"""Each extension covers twice as much as the one before, up to this."""

OVERSHOOT = 256
"""Output tokens that each extension covers once our own count has passed the cap."""

OUTPUT_MAX = 16_384
"""No hold covers more output tokens than this, whatever limit was requested."""


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
    `served` is how the answer was served, as far as it says; `audio_tokens` is our own count.
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
    served: Served = field(default_factory=Served)
    audio_tokens: int = 0

    def __post_init__(self) -> None:
        self.allowance = min(self.cap, FIRST_ALLOWANCE)

    def expect(self, options: Iterable[Option]) -> None:
        """Takes what the request asks for beyond plain tokens into account, for the hold."""
        self.served.expect(options)

    def first_hold(self) -> int:
        """The prompt, the first allowance and the tools' first uses, in micro-credits."""
        return self._hold(self.allowance)

    def min_hold(self) -> int:
        """The prompt, one token and the tools' first uses: with less a request does not start.

        In micro-credits.
        """
        return self._hold(1)

    def most(self) -> int:
        """The longest answer, in micro-credits, with the tools' first uses."""
        return self._hold(self.cap)

    def hold_tokens(self) -> int:
        """What the first hold covers, prompt included; counted against tokens per minute."""
        return self.prompt_tokens + self.allowance

    def affordable_output(self, available: int) -> int:
        """How many output tokens `available` micro-credits pay for, after the prompt."""
        price = self.served.hold_price(self.prices, self.prompt_tokens)
        percent = self.prices.percent_of(self.served.region)
        fees = self.prices.fees_of(self.served.hold_uses()) * 100_000
        prompt = self.prompt_tokens * price.input * percent
        rest = available * 100_000_000 - fees - prompt
        return max(1, rest // (price.output * percent)) if price.output else self.cap

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
            elif isinstance(event, events.Served):
                self.served.report(event)
            elif isinstance(event, events.Sound):
                has_output, self.audio_tokens = True, self.audio_tokens + event.tokens
        if has_output:
            self.output_bytes += size
            self.output_frames += 1

    @property
    def output_tokens(self) -> int:
        """By our own count, which is an estimate."""
        return max(self.output_frames, -(-self.output_bytes // 4) + self.audio_tokens)

    @property
    def spent(self) -> int:
        """What the answer has cost so far by our own count, in micro-credits."""
        tokens = Tokens(self.prompt_tokens, 0, 0, self.output_tokens, 0)
        if self.audio_tokens:
            tokens = replace(tokens, audio_output=self.audio_tokens)
        return self._cost(tokens)

    @property
    def extension_due(self) -> bool:
        """Whether three quarters of the allowance are used; at the cap, all of it.

        Or more than is held: the uses of a tool, or a dearer tier, cost more than the allowance
        covers. The provider counts tokens and we estimate them by length, so an answer that ends at
        its limit may look longer than that. It is not stopped for it.
        """
        if not self.extendable:
            return False
        if self.allowance < self.cap:
            if self.output_tokens * 4 >= self.allowance * 3:
                return True
            if not (self.served.is_dearer or self.audio_tokens):
                return False
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
        return max(0, self._hold(self.next_allowance()) - self.held)

    def extended(self, held: int) -> None:
        """Notes that the hold was extended to `held` micro-credits in all."""
        self.allowance, self.held = self.next_allowance(), held

    def final(self) -> Tokens:
        """The provider's own count if it gave one, else ours.

        A count that came before the end is right about the prompt; of the answer it may cover less
        than has been delivered. What cannot be true was left out when it was reported.
        """
        reported = self.reported
        output, spoken = self.output_tokens, self.audio_tokens
        if reported is None:
            own = Tokens(input=self.prompt_tokens, output=output, audio_output=spoken)
            return _bounded(own)
        if self.output_known and (self.complete or reported.output >= output):
            return _bounded(reported)
        spoken = max(spoken, min(reported.audio_output, output))
        return _bounded(replace(reported, output=output, audio_output=spoken))

    @property
    def estimated(self) -> bool:
        """Whether `final` rests on our own count, or on a count that was corrected."""
        return self.reported is None or not self.complete or self.corrected

    def charge(self) -> int:
        """What the request costs, in micro-credits; never more than a balance can be."""
        return min(self._cost(self.final()), BALANCE_MICRO_MAX // self.increment * self.increment)

    def least_charge(self) -> int:
        """What the provider's tools cost, in micro-credits: owed whatever the hold covers."""
        fees = self.prices.fees_of(self.served.uses)
        return cost(Tokens(), self.prices.of(0), self.increment, 100, fees)

    def unpriced(self) -> list[str]:
        """What was served without a price of its own, and charged at the dearest there is."""
        return self.served.unpriced(self.prices, self.final())

    def _report(self, used: events.Used) -> None:
        """Takes the provider's count; our own replaces what is unknown or beyond the model."""
        tokens, limit = used.tokens, self.context or TOKENS_MAX
        prompt_known = used.prompt_known and tokens.prompt <= limit
        self.output_known = used.output_known and tokens.output <= limit * self.choices
        self.corrected = used.corrected or not prompt_known or not self.output_known
        prompt, output = tokens.prompt * prompt_known, tokens.output * self.output_known
        self.counted = prompt + output > 0
        if not prompt_known:
            tokens = Tokens(self.prompt_tokens, 0, 0, tokens.output, tokens.reasoning)
        if not self.output_known:
            tokens = replace(tokens, output=self.output_tokens, reasoning=0)
            tokens = replace(tokens, audio_output=self.audio_tokens, image_output=0)
        self.reported = tokens if prompt_known or self.output_known else None

    def _cost(self, tokens: Tokens) -> int:
        """By what was served, or the dearest of what may have been."""
        price = self.served.price(self.prices, tokens.prompt)
        percent = self.prices.percent_of(self.served.region)
        fees = self.prices.fees_of(self.served.uses) if self.served.uses else 0
        return cost(tokens, price, self.increment, percent, fees)

    def _hold(self, output: int) -> int:
        """The most that the prompt and so much output may cost, with the uses to be expected."""
        tokens = Tokens(input=self.prompt_tokens, output=output)
        price = self.served.hold_price(self.prices, self.prompt_tokens)
        percent = self.prices.percent_of(self.served.region)
        fees = self.prices.fees_of(self.served.hold_uses())
        return cost(tokens, price, self.increment, percent, fees)
