"""Sends charges to the ledger until they are booked, and remembers the last ones for a while.

Redis may lose the last second of what it had confirmed. What was confirmed to this replica it can
tell again: what was not lost is answered as repeated, and what was booked before, the books know.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import structlog

from inference_plane.runtime.account_loader import AccountLoader
from shared.calls import LedgerAway
from shared.errors import Refusal
from shared.failpoints import reach
from shared.ledger import Ledger, Settlement

RETRY_S_MAX = 2.0
REMEMBERED_S = 10.0
REMEMBERED_MAX = 50_000
_log = structlog.get_logger("charges")


class Charge(NamedTuple):
    """What `settle` takes, and the API key it counts against. `micro` is in micro-credits."""

    account: str
    request_id: str
    micro: int
    tokens: int
    event: bytes
    api_key: str


async def until_done(what: str, ask: Callable[[], Awaitable[Settlement]]) -> Settlement:
    """Asks until the ledger has answered: every script may be sent again."""
    wait_s = 0.05
    while True:
        try:
            return await ask()
        except (LedgerAway, Refusal) as error:
            _log.warning("ledger.retry", of=what, error=type(error).__name__)
        await asyncio.sleep(wait_s)
        wait_s = min(RETRY_S_MAX, wait_s * 2)


class Charges:
    """`book` one; `recent` are those booked within the last seconds."""

    def __init__(self, ledger: Ledger, loader: AccountLoader) -> None:
        self._ledger, self._loader = ledger, loader
        self._booked: deque[tuple[float, Charge]] = deque(maxlen=REMEMBERED_MAX)

    async def book(self, charge: Charge) -> Settlement:
        """Settles it, however long Redis is away, and remembers it."""
        settlement = await until_done(charge.request_id, lambda: self._settle(charge))
        self._booked.append((time.monotonic(), charge))
        return settlement

    def recent(self) -> list[Charge]:
        since = time.monotonic() - REMEMBERED_S
        return [charge for at, charge in self._booked if at >= since]

    async def _settle(self, charge: Charge) -> Settlement:
        settlement = await self._ledger.settle(*charge[:5], api_key=charge.api_key)
        reach("replica after settle")
        if settlement.outcome == "cold":
            await self._loader.load(charge.account)
            raise LedgerAway("the account was cold")
        return settlement
