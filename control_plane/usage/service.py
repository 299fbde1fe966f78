"""What a user may read of what was used."""

from dataclasses import dataclass

from control_plane.kit.database import Connection, Pool
from control_plane.usage import store
from control_plane.usage.records import Filter, Statistic, Summary, Usage


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the sums over all of them."""

    usage: list[Usage]
    summary: Summary
    limit: int
    offset: int

    @property
    def has_more(self) -> bool:
        return self.offset + len(self.usage) < self.summary.rows


async def list_usage(source: Connection | Pool, wanted: Filter, limit: int, offset: int) -> Page:
    """One page, newest first."""
    summary = await store.summarise(source, wanted)
    rows = await store.list_usage(source, wanted, limit, offset)
    return Page(rows, summary, limit, offset)


async def list_statistics(
    source: Connection | Pool, wanted: Filter, group_by: str
) -> list[Statistic]:
    """Sums by day, hour or model; only the account and the dates of the filter count."""
    return await store.list_statistics(source, wanted, group_by)
