"""Alive, ready, measured."""

import asyncio

import aiohttp
import asyncpg
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from redis.exceptions import RedisError

from control_plane.api.call import OpenEndpoint, Plane
from control_plane.kit import database, migrations

_PATIENCE_S = 2


async def health(_: web.Request, __: Plane) -> web.Response:
    """The process answers."""
    return web.json_response({"status": "ok"})


async def ready(_: web.Request, plane: Plane) -> web.Response:
    """200 only when everything a user's request and its booking need is there."""
    names = ("postgres", "migrations", "redis", "workers")
    answers = await asyncio.gather(
        *(_check_database(plane), _check_migrations(plane), _check_redis(plane)),
        _check_workers(plane),
    )
    good = all(answers)
    body = {
        "status": "ready" if good else "not_ready",
        "checks": dict(zip(names, answers, strict=True)),
    }
    return web.json_response(body, status=200 if good else 503)


def metrics(registry: CollectorRegistry) -> OpenEndpoint:
    """The endpoint that tells this registry's figures."""

    async def tell(_: web.Request, __: Plane) -> web.Response:
        body = generate_latest(registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return tell


async def _check_database(plane: Plane) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return bool(await plane.connections.pool.fetchval(database.ALIVE))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


async def _check_migrations(plane: Plane) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return not await migrations.pending(plane.connections.pool)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


async def _check_redis(plane: Plane) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return bool(await plane.connections.redis.ping())
    except (OSError, TimeoutError, RedisError):
        return False


async def _check_workers(plane: Plane) -> bool:
    url = f"{plane.settings.workers_url}/health/ready"
    timeout = aiohttp.ClientTimeout(total=_PATIENCE_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
            return answer.status == 200
    except (OSError, TimeoutError, aiohttp.ClientError):
        return False
