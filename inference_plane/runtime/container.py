"""Builds the services of one replica, and closes them in the right order."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from inference_plane.core.transitions import HOLDING
from inference_plane.metrics import Metrics
from inference_plane.preferences.reader import PreferenceReader
from inference_plane.runtime.access_tokens import TokenCache
from inference_plane.runtime.account_loader import AccountLoader
from inference_plane.runtime.body_limits import BodyLimits
from inference_plane.runtime.circuits import Circuits
from inference_plane.runtime.counts import Counts
from inference_plane.runtime.directory import Directory
from inference_plane.runtime.exchange import Exchange
from inference_plane.runtime.heartbeat import Heartbeat
from inference_plane.runtime.model_names import ModelNames
from inference_plane.runtime.plan_limits import PlanLimits
from inference_plane.runtime.provider_ids import ProviderIds
from inference_plane.runtime.redis_failover import RedisFailover
from inference_plane.runtime.replays import Replays
from inference_plane.runtime.revocations import Revocations
from inference_plane.runtime.settlement.charges import Charges
from inference_plane.runtime.settlement.settler import Settler
from inference_plane.runtime.transport import Transport
from inference_plane.runtime.upstream_pool import UpstreamPool, build
from inference_plane.settings import InferenceSettings
from shared.auth.api_keys import ApiKeys
from shared.calls import ScriptCalls, connect
from shared.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Runtime:
    """What every step works with."""

    settings: InferenceSettings
    directory: Directory
    tokens: TokenCache
    api_keys: ApiKeys
    revocations: Revocations
    preferences: PreferenceReader
    ledger: Ledger
    loader: AccountLoader
    transport: Transport
    upstream_pool: UpstreamPool
    circuits: Circuits
    replays: Replays
    provider_ids: ProviderIds
    counts: Counts
    body_limits: BodyLimits
    plan_limits: PlanLimits
    model_names: ModelNames
    settler: Settler
    heartbeat: Heartbeat
    metrics: Metrics

    async def end(self, exchange: Exchange) -> None:
        """Closes a request's upstream and settles its hold. Repeating it does nothing."""
        self.heartbeat.remove(exchange)
        if exchange.upstream is not None:
            exchange.upstream.close()
        if exchange.stage in HOLDING:
            await self.settler.settle(exchange)


async def build_runtime(
    settings: InferenceSettings, replica: str, stack: AsyncExitStack
) -> Runtime:
    """The services of one replica. `stack` closes them; it waits for settlements first."""
    redis = connect(settings.redis_url.get_secret_value())
    stack.push_async_callback(redis.aclose)
    calls = ScriptCalls(redis)
    ledger, circuits = Ledger(calls), Circuits(redis, calls)
    revocations, preferences = Revocations(redis), PreferenceReader(redis)
    refreshed = (circuits.refresh, revocations.refresh, preferences.refresh)
    directory = Directory(redis, *refreshed)
    loader = AccountLoader(settings.control_url, settings.internal_token())
    stack.push_async_callback(loader.close)
    transport = Transport(settings.connect_timeout_s, settings.idle_timeout_s)
    stack.push_async_callback(transport.close)
    heartbeat = Heartbeat(ledger, settings.keep_alive_s)
    metrics = Metrics(replica)
    plan_limits = PlanLimits(calls, settings.links.pricing())
    settler = Settler(ledger, Charges(ledger, loader), metrics)
    _run(directory.poll(), stack)
    _run(heartbeat.run(), stack)
    _run(RedisFailover(redis, settler.resend_recent).watch(), stack)
    stack.push_async_callback(settler.drain, settings.shutdown_grace_s)
    return Runtime(
        settings=settings,
        directory=directory,
        tokens=TokenCache(directory, settings.public_url),
        api_keys=ApiKeys(redis),
        revocations=revocations,
        preferences=preferences,
        ledger=ledger,
        loader=loader,
        transport=transport,
        upstream_pool=_upstream_pool(settings),
        circuits=circuits,
        replays=Replays(redis, calls, settings.replay_s),
        provider_ids=ProviderIds(redis),
        counts=Counts(calls),
        body_limits=BodyLimits(calls, loader, plan_limits),
        plan_limits=plan_limits,
        model_names=ModelNames(directory, calls),
        settler=settler,
        heartbeat=heartbeat,
        metrics=metrics,
    )


def _upstream_pool(settings: InferenceSettings) -> UpstreamPool:
    streams_max = settings.provider_streams_max
    return UpstreamPool(
        {
            each.name: build(each.name, each.url, each.secrets, each.dialects, streams_max)
            for each in settings.providers()
        }
    )


def _run(work: Coroutine[Any, Any, None], stack: AsyncExitStack) -> None:
    task = asyncio.get_running_loop().create_task(work)
    stack.callback(task.cancel)
