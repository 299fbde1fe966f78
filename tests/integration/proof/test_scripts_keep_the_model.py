"""A state machine: any order of operations, each also repeated, against a model in plain Python.

The invariants bear the numbers they have in docs/ledger.md; HEADRACE_PROOF_EXAMPLES asks for more.
"""

import asyncio
import os
from dataclasses import replace
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
from shared.keyspace import shard_of
from tests.support.ledger_limits import Shard
from tests.support.ledger_model import LIVE, Model
from tests.support.ledger_twin import FLOOR, Twin, output, wrote
from tests.support.redis_reads import decoded, read_hash

EXAMPLES = int(os.environ.get("HEADRACE_PROOF_EXAMPLES", "60"))
KEPT = {"a", "l", "lx", "hx", "out", "meta", "tiers"}

ACCOUNTS = ("A", "B", "X")

amounts = st.integers(1, 60)
costs = st.one_of(st.integers(0, 60), st.integers(0, 150))
ahead = st.sampled_from((1, 1, 1, 0, -1, 2))
again = st.integers(1, 2)
tokens = st.sampled_from((10, 0, 20, 35))
numbers = st.integers(1, 9)
new = st.integers(1, 4)

held_before = precondition(lambda machine: machine.model.holds)


class Operations(RuleBasedStateMachine):
    """Three accounts, two of them in one shard; no request outlives two epochs of its shard."""

    url = ""

    @initialize(
        amount=st.integers(1, 400),
        held=st.lists(st.tuples(amounts, tokens), max_size=4),
        limits=st.builds(
            Shard,
            rpm=st.sampled_from((-1, 2, 4)),
            tpm=st.sampled_from((-1, 40, 90)),
            cpd=st.sampled_from((-1, 60, 150)),
            open=st.sampled_from((-1, -1, 2)),
        ),
    )
    def begin(self, amount: int, held: list[tuple[int, int]], limits: Shard) -> None:
        """Each has a grant, and holds from before."""
        self.loop = asyncio.new_event_loop()
        self.redis = Redis.from_url(self.url)
        self.loop.run_until_complete(self.redis.flushdb())
        shards = {number: replace(limits) for number in map(shard_of, ACCOUNTS)}
        assert len(shards) < len(ACCOUNTS)
        self.twins = {
            name: Twin(self.redis, self.loop, name, shards[shard_of(name)]) for name in ACCOUNTS
        }
        self.left: dict[str, list[str]] = {name: [] for name in ACCOUNTS}
        for self.twin in reversed(self.twins.values()):  # noqa: B020 - the last is whose turn it is
            self.twin.grant(1, amount, 10**10 + 9_999_999_999)
            for number, (target, count) in enumerate(held, 1):
                self.twin.reserve(self.twin.ask(self.name(number), target, tokens=count))

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.loop.run_until_complete(self.redis.aclose())
            self.loop.close()

    @property
    def model(self) -> Model:
        return self.twin.model

    @property
    def neighbours(self) -> list[Twin]:
        """The accounts of this shard, this one among them."""
        return [each for each in self.twins.values() if each.model.shard is self.model.shard]

    def name(self, number: int) -> str:
        """One that is live or has ended, if there is any; of this epoch, or left in an earlier."""
        account = self.twin.account
        wanted = [n for n, h in self.model.holds.items() if (h in self.model.live) == (number < 8)]
        if number > 4 and wanted:
            return wanted[number % len(wanted)]
        if number == 4 and self.left[account]:
            return self.left[account][0]
        return f"{account}{self.model.shard.epoch}-{number}"

    @rule(account=st.sampled_from(ACCOUNTS))
    def turn_to(self, account: str) -> None:
        """What follows is done to this account."""
        self.twin = self.twins[account]

    @rule(
        n=new,
        amount=amounts,
        min_hold=st.integers(1, 10),
        requested=st.builds(
            dict,
            mark=st.sampled_from("fffg"),
            tokens=tokens,
            rank=st.sampled_from((0, 0, 0, 2)),
        ),
        times=again,
    )
    def reserve(
        self, n: int, amount: int, min_hold: int, requested: dict[str, Any], times: int
    ) -> None:
        ask = self.twin.ask(self.name(n), amount, min(amount, min_hold), **requested)
        for _ in range(times):
            self.twin.reserve(ask)

    @held_before
    @rule(n=numbers, used=st.integers(0, 90), times=again)
    def progress(self, n: int, used: int, times: int) -> None:
        request = self.name(n)
        for _ in range(times):
            expected = self.model.progress(request, used)
            self.same("progress", request, used, 3_600_000, expected=expected)

    @held_before
    @rule(
        n=numbers,
        step=st.integers(1, 3),
        more=st.fixed_dictionaries(
            {"target": amounts, "min_hold": st.integers(1, 10), "tokens": st.integers(0, 20)}
        ),
        times=again,
    )
    def extend(self, n: int, step: int, more: dict[str, int], times: int) -> None:
        request, more = self.name(n), more | {"step": step}
        for _ in range(times):
            expected = self.model.extend(request, **more, now=self.twin.moment())
            call = partial(self.twin.ledger.extend, self.twin.ask(request), **more, used=0)
            self.twin.same(call, expected)

    @rule(n=numbers, costs=st.tuples(costs, costs), tokens=st.integers(0, 50), times=again)
    def settle(self, n: int, costs: tuple[int, int], tokens: int, times: int) -> None:
        """Less than was held, as much, more, or with nothing held."""
        request = self.name(n)
        for cost in costs[:times]:
            self.twin.moment()
            expected = self.model.settle(request, cost, tokens)
            self.same("settle", request, cost, tokens, b"{}", expected=expected)

    @held_before
    @rule(n=numbers, times=again)
    def release(self, n: int, times: int) -> None:
        request = self.name(n)
        for _ in range(times):
            expected = self.model.release(request)
            self.same("release", request, b"{}", expected=expected)

    @held_before
    @rule(n=numbers, times=again, dead=st.booleans())
    def sweep(self, n: int, times: int, dead: bool) -> None:
        request = self.name(n)
        hold = self.model.holds.get(request)
        if dead and hold and hold.state in LIVE:
            self.twin.overdue(request)
        for _ in range(times):
            self.same("sweep", request, expected=self.model.sweep(request))

    @rule(ahead=ahead, amount=st.integers(1, 150), priority=st.integers(1, 3))
    def grant(self, ahead: int, amount: int, priority: int) -> None:
        """The next change, one that was applied, or one that comes too early."""
        self.twin.grant(ahead, amount, priority * 10**10 + 9_999_999_999)

    @rule(
        ahead=ahead,
        changes=st.dictionaries(st.integers(0, 5), st.integers(-20, 20), max_size=2),
        debt=st.integers(-30, 20),
        times=again,
    )
    def correct(self, ahead: int, changes: dict[int, int], debt: int, times: int) -> None:
        """Of lots that are here, used up or gone: given, taken, owed, forgiven."""
        self.twin.correct(ahead, changes, debt, times)

    @rule(which=st.integers(0, 5), times=again, reported=st.booleans())
    def expire(self, which: int, times: int, reported: bool) -> None:
        if self.model.lots:
            self.twin.expire(sorted(self.model.lots)[which % len(self.model.lots)])
        for _ in range(times if reported else 0):
            self.same("expire_lots", expected=self.model.expire_lots())

    @rule(
        state=st.sampled_from((*["active"] * 5, "suspended")),
        floor=st.sampled_from((None, None, FLOOR, -10, -70)),
        times=again,
    )
    def amend(self, state: str, floor: int | None, times: int) -> None:
        change_seq = self.model.change_seq + 1
        for _ in range(times):
            expected = self.model.amend(change_seq, state, floor)
            self.same("amend", change_seq, state, "plan", floor, expected=expected)

    @rule(
        name=st.sampled_from(("rpm", "tpm", "cpd", "open", "rank")),
        limit=st.sampled_from((-1, -1, -1, 1, 2, 40, 90)),
    )
    def limit(self, name: str, limit: int) -> None:
        """The tier's limit is another one now, for every account of the shard."""
        setattr(self.model.shard, name, max(limit, 0) if name == "rank" else limit)
        self.twin.run(self.twin.open())

    @rule(minutes=st.integers(0, 2), days=st.sampled_from((0, 0, 1)))
    def time_passes(self, minutes: int, days: int) -> None:
        for twin in self.neighbours:
            twin.later(minutes, days)

    @rule(count=st.integers(1, 9))
    def post(self, count: int) -> None:
        self.twin.post(count)

    @precondition(lambda self: not any(each.model.cold for each in self.neighbours))
    @rule(everything=st.booleans(), loaded=st.sampled_from((True, True, True, False)))
    def lose(self, everything: bool, loaded: bool) -> None:
        """What had not ended may be ended later, in another epoch."""
        for twin in self.neighbours:
            live = [name for name, hold in twin.model.holds.items() if hold.state in LIVE]
            self.left[twin.account] = live
            if everything:
                twin.forget()
        if everything:
            self.loop.run_until_complete(self.redis.delete(*self.twin.run(self.twin.keys())))
        self.model.shard.epoch += 1
        self.twin.run(self.twin.open())
        for twin in self.neighbours if loaded else ():
            twin.load()

    @rule(times=again)
    def load(self, times: int) -> None:
        for _ in range(times):
            self.twin.load()

    def same(self, operation: str, *arguments: Any, expected: Any) -> None:
        call = getattr(self.twin.ledger, operation)
        self.twin.same(partial(call, self.twin.account, *arguments), expected)

    @invariant()
    def invariant_1_what_was_granted_is_there_or_was_spent_or_expired(self) -> None:
        books = self.twin.books
        pending = self.model.entries[self.twin.posted :]
        fields = self._account()
        assert books.granted == books.balance + books.charged - books.writeoff + books.expired
        if fields and int(fields["epoch"]) == self.model.epoch:
            moved = [sum(n for _, n in e.taken) - sum(n for _, n in e.returned) for e in pending]
            expired = sum(n for e in pending for _, n in e.expired)
            effect = sum(moved) + sum(e.debt for e in pending) + expired
            assert int(fields["avail"]) + int(fields["held"]) == books.balance - effect

    @invariant()
    def invariants_2_and_9_neither_floor_nor_lot_is_passed(self) -> None:
        """Only what a correction, or another floor, has left owed lies beyond the floor."""
        fields, lots = self._account(), self._lots()
        if fields:
            owed, allowed = int(fields["debt"]), max(-self.model.floor, self.twin.debt_allowed)
            assert 0 <= owed <= allowed
            assert int(fields["avail"]) >= -allowed
            self.twin.debt_allowed = owed
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
    def limits_count_what_was_let_in(self) -> None:
        counts = self._hash(keyspace.window_key(self.twin.account))
        if counts:
            kept = {name: int(value) for name, value in counts.items()}
            assert kept == self.model.window.sums(kept["minute"], kept["day"])

    @invariant()
    def invariants_4_and_5_each_request_ends_once_in_entries_without_a_gap(self) -> None:
        kept = self.model.entries[self.twin.lost :]
        entries = self.loop.run_until_complete(self.twin.entries())
        assert [wrote(entry) for entry in entries] == [output(entry) for entry in kept]
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
        return self._hash(keyspace.account_key(self.twin.account))

    def _lots(self) -> dict[str, int]:
        found = self._hash(keyspace.lots_key(self.twin.account))
        return {name: int(value) for name, value in found.items()}

    def _hash(self, key: str) -> dict[str, str]:
        return decoded(self.loop.run_until_complete(read_hash(self.redis, key)))


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
