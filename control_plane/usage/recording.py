"""Writes usage history and statistics of a batch that was just posted.

Statistics are summed in memory first, so a batch of any size costs a fixed number of statements.
Only newly posted entries count, so statistics equal the GROUP BY of the history despite redelivery.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from control_plane.ledger.posting import Posted
from shared.events import KEY_CLIENT, UsageEvent

_SQL = queries.load("control_plane.usage")
_CREATE_PARTITION, _CREATE_HISTORY = _SQL["create_partition"], _SQL["create_history"]
_ADD_HOURLY, _ADD_DAILY, _ADD_BY_MODEL = (
    _SQL["add_hourly"],
    _SQL["add_daily"],
    _SQL["add_by_model"],
)
_ADD_BY_KEY = _SQL["add_by_key"]
_HOUR_MS, _DAY_MS = 3_600_000, 86_400_000
_MONTH_MS_MIN = 28 * _DAY_MS

_EVENT_COLUMNS = (
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
    "first_token_ms",
    "duration_ms",
    "model_id",
    "operation",
    "provider",
    "upstream_model",
    "price_id",
    "client_id",
    "status",
    "streamed",
    "estimated",
    "service_tier",
    "region",
)
"""Fields of the usage event, in the order of `create_history`."""

_JSON_COLUMNS = ("uses", "token_parts", "unpriced")
"""Fields that follow them, each as JSON."""


class Partitions:
    """Creates monthly partitions of the history before rows are inserted.

    In a transaction of its own, because creating one locks the table against writers, and two
    batches that did so midway would deadlock.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._days: set[int] = set()

    async def prepare(self, moments_ms: Iterable[int]) -> None:
        """Create the partitions for these times (ms since 1970) and for the following month."""
        for day in {moment // _DAY_MS for moment in moments_ms} - self._days:
            for moment in (day * _DAY_MS, day * _DAY_MS + _MONTH_MS_MIN):
                await self._pool.execute(_CREATE_PARTITION, moment)
            self._days.add(day)


@dataclass(slots=True)
class _Sums:
    """Sums by key, as columns for UNNEST."""

    by_key: defaultdict[Hashable, list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0, 0, 0])
    )

    def add(self, key: Hashable, amounts: Sequence[int]) -> None:
        sums = self.by_key[key]
        for position, amount in enumerate(amounts):
            sums[position] += amount

    def columns(self) -> list[list[Any]]:
        """Key parts, then requests, credits, tokens, duration; sorted, to avoid deadlocks."""
        rows = sorted(self.by_key.items(), key=lambda item: str(item[0]))
        keys: Iterable[Any] = zip(*(key for key, _ in rows), strict=True)
        sums: Iterable[Any] = zip(*(amounts for _, amounts in rows), strict=True)
        return [list(column) for column in (*keys, *sums)]


async def record(connection: Connection, posted: Sequence[Posted]) -> None:
    """Record the usage events of newly posted entries."""
    used = [(each, each.entry.event) for each in posted if each.entry.event is not None]
    if not used:
        return
    await _create_history(connection, used)
    hourly, daily, by_model = _Sums(), _Sums(), _Sums()
    for each, event in used:
        entry, amounts = each.entry, _amounts(each, event)
        day = entry.at_ms - entry.at_ms % _DAY_MS
        hourly.add((entry.account, entry.at_ms - entry.at_ms % _HOUR_MS), amounts)
        daily.add((entry.account, day), amounts)
        by_model.add((entry.account, day, event.model_id), amounts)
    by_key = [
        (event.client_id.removeprefix(KEY_CLIENT), each.entry.at_ms, each.entry.charged)
        for each, event in used
        if event.client_id.startswith(KEY_CLIENT)
    ]
    if by_key:
        await connection.execute(
            _ADD_BY_KEY, *(list(column) for column in zip(*by_key, strict=True))
        )
    await connection.execute(_ADD_HOURLY, *hourly.columns())
    await connection.execute(_ADD_DAILY, *daily.columns())
    await connection.execute(_ADD_BY_MODEL, *by_model.columns())


async def _create_history(
    connection: Connection, used: Sequence[tuple[Posted, UsageEvent]]
) -> None:
    entries = [each.entry for each, _ in used]
    await connection.execute(
        _CREATE_HISTORY,
        [each.tx for each, _ in used],
        [entry.at_ms for entry in entries],
        [entry.account for entry in entries],
        [entry.request_id or "" for entry in entries],
        [entry.kind for entry in entries],
        [_requests(each) for each, _ in used],
        [entry.charged for entry in entries],
        *([getattr(event, column) for _, event in used] for column in _EVENT_COLUMNS),
        *([_as_json(getattr(event, name)) for _, event in used] for name in _JSON_COLUMNS),
    )


def _as_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _requests(posted: Posted) -> int:
    """An adjustment corrects the charge of an expired request, so it is not another request."""
    return 0 if posted.entry.kind == "adjusted" else 1


def _amounts(posted: Posted, event: UsageEvent) -> tuple[int, int, int, int]:
    tokens = event.input_tokens + event.cache_read_tokens + event.cache_write_tokens
    return (
        _requests(posted),
        posted.entry.charged,
        tokens + event.output_tokens,
        event.duration_ms,
    )
