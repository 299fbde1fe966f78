"""Sends charges to the ledger until it has answered, and keeps the latest ones for a while.

Redis may lose the last second of what it confirmed. The charges that it confirmed to this replica
can be sent again: one that was not lost is answered as repeated, and one that is already posted in
PostgreSQL is not posted twice.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from inference_plane.runtime.account_loader import AccountLoader
from shared.calls import LedgerAway
from shared.errors import Refusal
from shared.failpoints import reach
from shared.ledger import Ledger
from shared.ledger_records import Settlement

RETRY_S_MAX = 2.0
RESEND_S = 10.0
"""Charges younger than this are sent again after a failover of Redis."""

KEPT_MAX = 50_000
_log = structlog.get_logger("charges")


@dataclass(frozen=True, slots=True)
class Charge:
    """One `settle` call. `amount` is in micro-credits; `api_key` is empty for an access token."""

    account: str
    request_id: str
    amount: int
    tokens: int
    event: bytes
    api_key: str


async def retry(request_id: str, call: Callable[[], Awaitable[Settlement]]) -> Settlement:
    """Calls until the ledger has answered. Every script is idempotent, so repeating is safe."""
    wait_s = 0.05
    while True:
        try:
            return await call()
        except (LedgerAway, Refusal) as error:
            _log.warning("ledger.retry", of=request_id, error=type(error).__name__)
        await asyncio.sleep(wait_s)
        wait_s = min(RETRY_S_MAX, wait_s * 2)


class Charges:
    """Settles holds by a charge."""

    def __init__(self, ledger: Ledger, loader: AccountLoader) -> None:
        self._ledger, self._loader = ledger, loader
        self._settled: deque[tuple[float, Charge]] = deque(maxlen=KEPT_MAX)

    async def settle(self, charge: Charge) -> Settlement:
        """Settles it, however long Redis is unavailable, and keeps it for `recent`."""
        settlement = await retry(charge.request_id, lambda: self._settle_once(charge))
        self._settled.append((time.monotonic(), charge))
        return settlement

    def recent(self) -> list[Charge]:
        """Those settled within the last RESEND_S seconds."""
        since = time.monotonic() - RESEND_S
        return [charge for settled_at, charge in self._settled if settled_at >= since]

    async def _settle_once(self, charge: Charge) -> Settlement:
        settlement = await self._ledger.settle(
            charge.account,
            charge.request_id,
            charge.amount,
            charge.tokens,
            charge.event,
            api_key=charge.api_key,
        )
        reach("replica after settle")
        if settlement.outcome == "cold":
            await self._loader.load(charge.account)
            raise LedgerAway("the account was cold")
        return settlement
