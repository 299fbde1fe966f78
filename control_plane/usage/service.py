"""Reads of usage history and statistics."""

from dataclasses import dataclass

from control_plane.kit.database import Connection, Pool
from control_plane.usage import store
from control_plane.usage.records import Filter, Statistic, Summary, Usage


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows, and totals over all matching rows."""

    usage: list[Usage]
    summary: Summary
    limit: int
    offset: int

    @property
    def has_more(self) -> bool:
        return self.offset + len(self.usage) < self.summary.rows


async def list_usage(source: Connection | Pool, filter_: Filter, limit: int, offset: int) -> Page:
    """One page, newest first."""
    summary = await store.summarise(source, filter_)
    rows = await store.list_usage(source, filter_, limit, offset)
    return Page(rows, summary, limit, offset)


async def list_statistics(
    source: Connection | Pool, filter_: Filter, group_by: str
) -> list[Statistic]:
    """Totals by day, hour or model. Only the account and dates of the filter apply."""
    return await store.list_statistics(source, filter_, group_by)
