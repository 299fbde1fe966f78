"""Reads of the usage history and its statistics."""

from control_plane.kit import queries
from control_plane.kit.database import Connection, Pool
from control_plane.usage.records import Filter, Statistic, Summary, Usage

_SQL = queries.load("control_plane.usage")
_LIST_USAGE, _SUMMARISE = _SQL["list_usage"], _SQL["summarise"]
_LIST_BY = {
    "day": _SQL["list_by_day"],
    "hour": _SQL["list_by_hour"],
    "model": _SQL["list_by_model"],
}


async def list_usage(
    source: Connection | Pool, filter_: Filter, limit: int, offset: int
) -> list[Usage]:
    """Newest first."""
    rows = await source.fetch(_LIST_USAGE, *_arguments(filter_), limit, offset)
    return [Usage(**row) for row in rows]


async def summarise(source: Connection | Pool, filter_: Filter) -> Summary:
    """Over all rows of the filter, not a page."""
    row = await source.fetchrow(_SUMMARISE, *_arguments(filter_))
    assert row is not None
    return Summary(**row)


async def list_statistics(
    source: Connection | Pool, filter_: Filter, group_by: str
) -> list[Statistic]:
    """`group_by`: day, hour or model."""
    rows = await source.fetch(_LIST_BY[group_by], filter_.account, filter_.since, filter_.until)
    return [Statistic(**row) for row in rows]


def _arguments(filter_: Filter) -> tuple[object, ...]:
    return (filter_.account, filter_.since, filter_.until, filter_.model_id, filter_.operation)
