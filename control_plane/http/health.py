"""Liveness, readiness and Prometheus metrics."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import aiohttp
import asyncpg
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from redis.exceptions import RedisError

from control_plane.container import Container
from control_plane.db import dbmate
from control_plane.http.middleware import Handler
from control_plane.kit import database
from control_plane.settings import Settings

_TIMEOUT_S = 2
_DATABASE_ERRORS = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

Check = Callable[[], Awaitable[bool]]


async def live(_: web.Request) -> web.Response:
    """200 while the process answers."""
    return web.json_response({"status": "ok"})


def ready(checks: Mapping[str, Check]) -> Handler:
    """A handler that answers 200 when all checks pass, else 503; the body names each check."""

    async def handle(_: web.Request) -> web.Response:
        results = await asyncio.gather(*(check() for check in checks.values()))
        passed = all(results)
        body = {
            "status": "ready" if passed else "not_ready",
            "checks": dict(zip(checks, results, strict=True)),
        }
        return web.json_response(body, status=200 if passed else 503)

    return handle


def metrics(registry: CollectorRegistry) -> Handler:
    """A handler that exposes this registry in Prometheus' text format."""

    async def handle(_: web.Request) -> web.Response:
        body = generate_latest(registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return handle


def build_checks(settings: Settings, container: Container) -> dict[str, Check]:
    """Everything that a user's request and the posting of its usage need."""
    return {
        "postgres": lambda: _check_database(container),
        "migrations": lambda: _check_migrations(container),
        "redis": lambda: _check_redis(container),
        "workers": lambda: _check_workers(settings.workers_url),
    }


async def _check_database(container: Container) -> bool:
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            return bool(await container.pool.fetchval(database.ALIVE))
    except _DATABASE_ERRORS:
        return False


async def _check_migrations(container: Container) -> bool:
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            return not await dbmate.pending(container.pool)
    except _DATABASE_ERRORS:
        return False


async def _check_redis(container: Container) -> bool:
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            return bool(await container.redis.ping())
    except (OSError, TimeoutError, RedisError):
        return False


async def _check_workers(workers_url: str) -> bool:
    url, timeout = f"{workers_url}/health/ready", aiohttp.ClientTimeout(total=_TIMEOUT_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
            return response.status == 200
    except (OSError, TimeoutError, aiohttp.ClientError):
        return False
