"""Counts, by account, the requests that neither hold nor cost anything, through `throttle.lua`."""

from dataclasses import dataclass

from inference_plane.runtime import scripts
from shared import keyspace
from shared.calls import LedgerAway, ScriptCalls
from shared.errors import ServiceUnavailable


@dataclass(frozen=True, slots=True)
class Counted:
    """The outcome that throttle.lua names, and the state of the window; times in ms."""

    outcome: str
    wait_ms: int
    left: int
    reset_ms: int


class Counts:
    """One window per account."""

    def __init__(self, calls: ScriptCalls) -> None:
        self._calls = calls

    async def count(self, account: str, limit: int) -> Counted:
        """`limit` is per minute. Raises ServiceUnavailable if Redis does not answer."""
        keys = [keyspace.counts_key(account), keyspace.account_key(account)]
        try:
            answer = await self._calls.call(scripts.THROTTLE, keys, [limit])
        except LedgerAway as error:
            raise ServiceUnavailable from error
        return Counted(answer[0].decode(), *(int(each) for each in answer[1:]))
