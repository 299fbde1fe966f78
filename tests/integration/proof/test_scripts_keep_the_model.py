"""A state machine: any order of operations, each also repeated, against a model in plain Python.

The invariants bear the numbers they have in docs/ledger.md; HEADRACE_PROOF_EXAMPLES asks for more.
"""

import asyncio
import os
from functools import partial
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis.asyncio import Redis

from shared import keyspace
from tests.support.ledger_model import LIVE
from tests.support.ledger_twin import FLOOR, Twin, said, wrote

EXAMPLES = int(os.environ.get("HEADRACE_PROOF_EXAMPLES", "60"))
KEPT = {"a", "l", "lx", "hx", "out", "meta", "tiers"}

amounts = st.integers(1, 60)
again = st.integers(1, 2)
numbers = st.integers(1, 4)


class Operations(RuleBasedStateMachine):
    """One account; its requests bear the epoch in their names, as no request outlives two."""

    url = ""

    @initialize(amount=st.integers(1, 200))
    def begin(self, amount: int) -> None:
        self.loop = asyncio.new_event_loop()
        self.redis = Redis.from_url(self.url)
        self.loop.run_until_complete(self.redis.flushdb())
        self.twin = Twin(self.redis, self.loop, "A")
        self.left: list[str] = []
        self.corrected = 0
        self.twin.grant(1, amount, 10**10 + 9_999_999_999)

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.loop.run_until_complete(self.redis.aclose())
            self.loop.close()

    @property
    def model(self) -> Any:
        return self.twin.model

    def name(self, number: int) -> str:
        """Of this epoch, or one that an earlier epoch left unended."""
        if number == 4 and self.left:
            return self.left[0]
        return f"R{self.model.shard_epoch}-{number}"

    @rule(n=numbers, want=amounts, least=amounts, mark=st.sampled_from("fffg"), times=again)
    def reserve(self, n: int, want: int, least: int, mark: str, times: int) -> None:
        request, least = self.name(n), min(want, least)
        for _ in range(times):
            expected = self.model.reserve(request, mark, want, least)
            ask = self.twin.ask(request, want, least, mark)
            self.twin.same(partial(self.twin.ledger.reserve, ask), expected)

    @rule(n=numbers, used=st.integers(0, 90), times=again)
    def progress(self, n: int, used: int, times: int) -> None:
        request = self.name(n)
        for _ in range(times):
            expected = self.model.progress(request, used)
            call = partial(self.twin.ledger.progress, "A", request, used, 3_600_000)
            self.twin.same(call, expected)

    @rule(n=numbers, step=st.integers(1, 3), want=amounts, least=amounts, times=again)
    def extend(self, n: int, step: int, want: int, least: int, times: int) -> None:
        request, least = self.name(n), min(want, least)
        for _ in range(times):
            expected = self.model.extend(request, step, want, least)
            more = {"step": step, "want": want, "least": least, "tokens": 0, "used": 0}
            call = partial(self.twin.ledger.extend, self.twin.ask(request), **more)
            self.twin.same(call, expected)

    @rule(n=numbers, charge=st.integers(0, 150), second=st.integers(0, 150), times=again)
    def settle(self, n: int, charge: int, second: int, times: int) -> None:
        """Less than was held, as much, more, or with nothing held."""
        request = self.name(n)
        for cost in (charge, second)[:times]:
            expected = self.model.settle(request, cost)
            self.twin.same(
                partial(self.twin.ledger.settle, "A", request, cost, 10, b"{}"), expected
            )

    @rule(n=numbers, times=again)
    def release(self, n: int, times: int) -> None:
        request = self.name(n)
        for _ in range(times):
            expected = self.model.release(request)
            self.twin.same(partial(self.twin.ledger.release, "A", request, b"{}"), expected)

    @rule(n=numbers, times=again, dead=st.booleans())
    def sweep(self, n: int, times: int, dead: bool) -> None:
        request = self.name(n)
        hold = self.model.holds.get(request)
        if dead and hold and hold.state in LIVE:
            self.twin.overdue(request)
        for _ in range(times):
            expected = self.model.sweep(request)
            self.twin.same(partial(self.twin.ledger.sweep, "A", request), expected)

    @rule(ahead=st.sampled_from((1, 1, 1, 0, -1, 2)), amount=amounts, priority=st.integers(1, 3))
    def grant(self, ahead: int, amount: int, priority: int) -> None:
        """The next change, one that was applied, or one that comes too early."""
        self.twin.grant(ahead, amount, priority * 10**10 + 9_999_999_999)

    @rule(which=st.integers(0, 5), times=again, told=st.booleans())
    def expire(self, which: int, times: int, told: bool) -> None:
        if self.model.lots:
            self.twin.expire(sorted(self.model.lots)[which % len(self.model.lots)])
        for _ in range(times if told else 0):
            expected = self.model.lapse()
            self.twin.same(partial(self.twin.ledger.lapse, "A"), expected)

    @rule(state=st.sampled_from(("active", "active", "suspended")), times=again)
    def amend(self, state: str, times: int) -> None:
        gv = self.model.gv + 1
        for _ in range(times):
            expected = self.model.amend(gv, state)
            self.twin.same(partial(self.twin.ledger.amend, "A", gv, state, "plan"), expected)

    @rule(count=st.integers(1, 9))
    def book(self, count: int) -> None:
        self.twin.book(count)

    @precondition(lambda self: not self.model.cold)
    @rule(everything=st.booleans(), loaded=st.booleans())
    def lose(self, everything: bool, loaded: bool) -> None:
        """What had not ended may be ended later, in another epoch."""
        self.left = [name for name, hold in self.model.holds.items() if hold.state in LIVE]
        if everything:
            self.twin.lose()
        else:
            self.twin.fence()
        if loaded:
            self.twin.load()

    @rule(times=again)
    def load(self, times: int) -> None:
        for _ in range(times):
            self.twin.load()

    @invariant()
    def invariant_1_what_was_granted_is_there_or_was_spent_or_lapsed(self) -> None:
        books = self.twin.books
        pending = self.model.entries[self.twin.booked :]
        fields = self._account()
        assert books.granted == books.balance + books.charged - books.writeoff + books.lapsed
        if fields and int(fields["epoch"]) == self.model.epoch:
            moved = [sum(n for _, n in e.taken) - sum(n for _, n in e.returned) for e in pending]
            lapsed = sum(n for e in pending for _, n in e.lapsed)
            effect = sum(moved) + sum(e.debt for e in pending) + lapsed
            assert int(fields["avail"]) + int(fields["held"]) == books.balance - effect

    @invariant()
    def invariants_2_and_9_neither_floor_nor_lot_is_passed(self) -> None:
        fields, lots = self._account(), self._lots()
        if fields:
            assert int(fields["avail"]) >= FLOOR
            assert int(fields["debt"]) <= -FLOOR
        assert all(left >= 0 for left in lots.values())
        assert lots == {name: lot.remaining for name, lot in self.model.lots.items()}

    @invariant()
    def invariant_3_held_is_the_sum_of_the_live_holds(self) -> None:
        fields = self._account()
        if fields:
            assert int(fields["held"]) == self.model.held
            assert int(fields["open"]) == len(self.model.live)
            assert int(fields["avail"]) == self.model.avail

    @invariant()
    def invariants_4_and_5_each_request_ends_once_in_entries_without_a_gap(self) -> None:
        kept = self.model.entries[self.twin.lost :]
        entries = self.loop.run_until_complete(self.twin.entries())
        assert [wrote(entry) for entry in entries] == [said(entry) for entry in kept]
        for kinds in (("released",), ("settled", "unreserved", "expired"), ("adjusted",)):
            ends = [e.request for e in kept if e.kind in kinds]
            assert len(ends) == len(set(ends)), kinds
        for epoch in {entry.epoch for entry in kept}:
            numbered = [entry.seq for entry in kept if entry.epoch == epoch]
            assert numbered == list(range(numbered[0], numbered[0] + len(numbered)))

    @invariant()
    def invariant_13_only_what_must_last_has_no_end(self) -> None:
        assert self.loop.run_until_complete(self.twin.endless()) <= KEPT

    def _account(self) -> dict[str, str]:
        found = self.loop.run_until_complete(self.redis.hgetall(keyspace.account_key("A")))
        return {name.decode(): value.decode() for name, value in found.items()}

    def _lots(self) -> dict[str, int]:
        found = self.loop.run_until_complete(self.redis.hgetall(keyspace.lots_key("A")))
        return {name.decode(): int(value) for name, value in found.items()}


def test_any_order_of_operations_keeps_the_model(redis_url: str) -> None:
    machine = type("Machine", (Operations,), {"url": redis_url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
            database=None,
        ),
    )
