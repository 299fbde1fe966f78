"""GET /v1/usage and /v1/usage/stats: the caller's usage history and statistics."""

import json
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from control_plane.api.query import Query
from control_plane.api.request import ApiRequest
from control_plane.kit.clock import rfc3339
from control_plane.usage import service
from control_plane.usage.records import Filter, Statistic, Usage
from shared.credits import public as credit_number

OPERATIONS = ("completion", "chat", "embedding", "function_call")
_OFFSET_MAX = 1_000_000
_KEYS = {"day": "date", "hour": "hour", "model": "model_id"}


async def list_usage(request: ApiRequest) -> web.Response:
    """One page, newest first, and totals over all matching rows."""
    query = Query(request.http.query)
    filter_ = _filter(query, request)
    limit = query.number("limit", 20, 1, 100)
    offset = query.number("offset", 0, 0, _OFFSET_MAX)
    query.check()
    page = await service.list_usage(request.pool, filter_, limit, offset)
    return web.json_response(
        {
            "usage": [_usage(row) for row in page.usage],
            "pagination": {
                "limit": limit,
                "offset": offset,
                "total": page.summary.rows,
                "has_more": page.has_more,
            },
            "summary": {
                "total_credits_used": credit_number(page.summary.credits_micro),
                "total_requests": page.summary.requests,
                "total_tokens": page.summary.tokens,
            },
        }
    )


async def list_statistics(request: ApiRequest) -> web.Response:
    """Totals by day, hour or model, and over all."""
    query = Query(request.http.query)
    filter_ = _filter(query, request)
    group_by = query.choice("group_by", tuple(_KEYS)) or "day"
    query.check()
    rows = await service.list_statistics(request.pool, filter_, group_by)
    stats = [{_KEYS[group_by]: row.key, **_sums([row])} for row in rows]
    return web.json_response({"stats": stats, "total": _sums(rows)})


def _filter(query: Query, request: ApiRequest) -> Filter:
    since, until = query.moment("start_date"), query.moment("end_date", end=True)
    if since and until and since > until:
        query.add_error("end_date", "must not be before start_date")
    return Filter(
        account=request.user.id,
        since=since,
        until=until,
        model_id=query.text("model_id"),
        operation=query.choice("operation", OPERATIONS),
    )


def _usage(row: Usage) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "request_id": row.request_id,
        "model_id": row.model_id,
        "operation": row.operation,
        "status": row.status,
        "credits_used": credit_number(row.credits_micro),
        "input_tokens": row.input_tokens,
        "output_tokens": row.output_tokens,
        "total_tokens": row.input_tokens + row.output_tokens,
        "request_duration_ms": row.duration_ms,
        "created_at": rfc3339(row.occurred_at),
        "service_tier": row.service_tier or None,
        "region": row.region or None,
        "uses": json.loads(row.uses),
        "token_details": json.loads(row.token_parts),
    }


def _sums(rows: Sequence[Statistic]) -> dict[str, Any]:
    requests = sum(row.requests for row in rows)
    return {
        "credits_used": credit_number(sum(row.credits_micro for row in rows)),
        "requests_count": requests,
        "tokens_total": sum(row.tokens for row in rows),
        "average_duration_ms": sum(row.duration_ms for row in rows) // max(1, requests),
    }
