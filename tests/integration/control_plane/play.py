"""Plays the inference plane's part: holds and settles as a request would, by the real scripts."""

import itertools
from dataclasses import dataclass

from shared import events
from shared.events import UsageEvent
from shared.ledger import Ledger
from shared.ledger_records import Reservation, ReserveRequest, Settlement

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Spender:
    """One user's requests, in whole micro-credits."""

    ledger: Ledger
    account: str

    def event(self, request_id: str, **fields: object) -> bytes:
        known: dict[str, object] = {
            "model_id": "gpt-5",
            "operation": "chat",
            "provider": "openai",
            "input_tokens": 12,
            "output_tokens": 30,
            "duration_ms": 250,
        }
        return events.encode(UsageEvent(request_id, self.account, **{**known, **fields}))  # type: ignore[arg-type]

    async def ask(self, amount: int, *, ttl_ms: int = 60_000, request_id: str = "") -> Reservation:
        """Reserve this much and say what the script said."""
        request_id = request_id or f"req-{next(_numbers)}"
        return await self.ledger.reserve(
            ReserveRequest(
                account=self.account,
                request_id=request_id,
                fingerprint="same",
                target=amount,
                min_hold=amount,
                tokens=10,
                rank=0,
                ttl_ms=ttl_ms,
                event=self.event(request_id),
            )
        )

    async def hold(self, amount: int, *, ttl_ms: int = 60_000, request_id: str = "") -> str:
        """Reserve this much; returns the request's id."""
        request_id = request_id or f"req-{next(_numbers)}"
        held = await self.ask(amount, ttl_ms=ttl_ms, request_id=request_id)
        assert held.outcome == "held", held
        return request_id

    async def spend(self, amount: int, held: int | None = None, **fields: object) -> Settlement:
        """One whole request that costs this much."""
        request_id = await self.hold(amount if held is None else held)
        event = self.event(request_id, **fields)
        return await self.ledger.settle(self.account, request_id, amount, 42, event)
