"""Builds what a replica has, and takes it apart again in the right order."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from inference_plane.metrics import Metrics
from inference_plane.preferences.reader import PreferenceReader
from inference_plane.runtime.access_tokens import TokenCache
from inference_plane.runtime.account_loader import AccountLoader
from inference_plane.runtime.circuits import Circuits
from inference_plane.runtime.directory import Directory
from inference_plane.runtime.heartbeat import Heartbeat
from inference_plane.runtime.plane import Plane
from inference_plane.runtime.redis_failover import Witness
from inference_plane.runtime.replays import Replays
from inference_plane.runtime.revocations import Revocations
from inference_plane.runtime.settlement.charges import Charges
from inference_plane.runtime.settlement.settler import Settler
from inference_plane.runtime.transport import Transport
from inference_plane.runtime.upstream_pool import Upstreams, build
from inference_plane.settings import InferenceSettings
from shared.auth.api_keys import ApiKeys
from shared.calls import ScriptCalls, connect
from shared.ledger import Ledger


async def assemble(settings: InferenceSettings, replica: str, stack: AsyncExitStack) -> Plane:
    """The parts of one replica; `stack` closes them, the endings of holds first."""
    redis = connect(settings.redis_url.get_secret_value())
    stack.push_async_callback(redis.aclose)
    calls = ScriptCalls(redis)
    ledger, circuits = Ledger(calls), Circuits(redis, calls)
    revocations, preferences = Revocations(redis), PreferenceReader(redis)
    polled = (circuits.refresh, revocations.refresh, preferences.refresh)
    directory = Directory(redis, *polled)
    loader = AccountLoader(settings.control_url, settings.internal_token())
    stack.push_async_callback(loader.close)
    transport = Transport(settings.connect_timeout_s, settings.idle_timeout_s)
    stack.push_async_callback(transport.close)
    heartbeat = Heartbeat(ledger, settings.keep_alive_s)
    settler = Settler(ledger, Charges(ledger, loader))
    _run(directory.follow(), stack)
    _run(heartbeat.beat_for_ever(), stack)
    _run(Witness(redis, settler.settle_again).watch(), stack)
    stack.push_async_callback(settler.drain, settings.shutdown_grace_s)
    return Plane(
        settings=settings,
        directory=directory,
        tokens=TokenCache(directory, settings.public_url),
        api_keys=ApiKeys(redis),
        revocations=revocations,
        preferences=preferences,
        ledger=ledger,
        loader=loader,
        transport=transport,
        upstreams=_upstreams(settings),
        circuits=circuits,
        replays=Replays(redis, calls, settings.replay_s),
        settler=settler,
        heartbeat=heartbeat,
        metrics=Metrics(replica),
    )


def _upstreams(settings: InferenceSettings) -> Upstreams:
    most = settings.provider_streams_max
    return Upstreams(
        {
            each.name: build(each.name, each.url, each.secrets, each.dialects, most)
            for each in settings.providers()
        }
    )


def _run(work: Any, stack: AsyncExitStack) -> None:
    task = asyncio.get_running_loop().create_task(work)
    stack.callback(task.cancel)
