"""Open the upstream's answer, and wait for its first word.

Until then nothing has been sent: another key, another route may be tried, and a failure that stays
is an HTTP error and free. A provider that is busy is asked again after a pause, the provider's own
if it names a short one; a key that is refused, a route that is gone, are not.
"""

import asyncio
import random

import structlog

from inference_plane.core import events, upstream_failure
from inference_plane.core.transitions import Stage
from inference_plane.core.upstream_failure import Verdict
from inference_plane.runtime.exchange import Exchange, given
from inference_plane.runtime.plane import Plane
from inference_plane.runtime.transport import Answer
from inference_plane.runtime.upstream_pool import Attempt
from inference_plane.runtime.upstream_stream import Incoming, Seen
from shared.errors import ServiceUnavailable, UpstreamError, UpstreamTimeout
from shared.failpoints import reach

ROUNDS = 3
PAUSE_S = 0.2
WAIT_S_MAX = 5.0
"""A provider that asks for a longer pause than this is told to the caller instead."""

_log = structlog.get_logger("connect")


async def connect(exchange: Exchange, plane: Plane) -> None:
    """Raises what the last provider's refusal means to the caller."""
    reach("replica after reserve, before upstream")
    plane.heartbeat.watch(exchange)
    hopeless: set[str] = set()
    last: Verdict | None = None
    for turn in range(ROUNDS):
        if turn and not await _pause(turn, last):
            break
        for attempt in plane.upstreams.attempts(exchange.routes):
            found = await _attempt(exchange, plane, attempt, hopeless)
            if found is None:
                return
            last = found if found.blame != "full" or last is None else last
            if found.final:
                raise found.refusal
    raise (last or upstream_failure.FULL).refusal


async def _attempt(
    exchange: Exchange, plane: Plane, attempt: Attempt, hopeless: set[str]
) -> Verdict | None:
    """None once the answer has begun."""
    name = f"{attempt.key.name} {attempt.route.upstream_model}"
    if name in hopeless or attempt.upstream.full:
        return upstream_failure.FULL
    if not await plane.circuits.allows(attempt.key.name):
        return upstream_failure.FULL
    exchange.attempts += 1
    attempt.take()
    try:
        found = await _try(exchange, plane, attempt)
    except BaseException:
        attempt.release()
        raise
    plane.metrics.attempted(attempt.route.provider, found.blame if found else "ok")
    if found is None:
        await plane.circuits.succeeded(attempt.key.name)
        return None
    attempt.release()
    await _blame(found, attempt, plane, hopeless, name)
    return found


async def _try(exchange: Exchange, plane: Plane, attempt: Attempt) -> Verdict | None:
    try:
        async with asyncio.timeout(plane.settings.first_token_timeout_s):
            return await _open(exchange, plane, attempt)
    except TimeoutError:
        return upstream_failure.of_failure(UpstreamTimeout())
    except (UpstreamError, UpstreamTimeout) as error:
        return upstream_failure.of_failure(error)


async def _open(exchange: Exchange, plane: Plane, attempt: Attempt) -> Verdict | None:
    outgoing = attempt.outgoing(exchange)
    url = attempt.upstream.url + outgoing.path
    answer = await plane.transport.post(url, attempt.headers(exchange), outgoing.body)
    incoming = Incoming(answer, outgoing, attempt.release)
    try:
        failed = await _judge(attempt, answer, incoming)
    except BaseException:
        incoming.close()
        raise
    if failed is not None:
        incoming.close()
        return failed
    exchange.incoming = incoming
    _begin(exchange, attempt)
    return None


async def _judge(attempt: Attempt, answer: Answer, incoming: Incoming) -> Verdict | None:
    if answer.status == 200:
        return await _first_word(incoming)
    explain = attempt.upstream.provider.explain
    return explain(answer.status, await answer.read_error(), answer.headers)


async def _first_word(incoming: Incoming) -> Verdict | None:
    """Reads until the answer itself begins, and puts what was read back."""
    read: list[Seen] = []
    while batch := await incoming.read():
        read += batch
        failed = next((e for seen in batch for e in seen.events if _is_failure(e)), None)
        if failed is not None:
            return _told(failed)
        if any(seen.content for seen in batch):
            incoming.unread(read)
            return None
    if not any(isinstance(e, events.Ended) for seen in read for e in seen.events):
        return upstream_failure.of_failure(UpstreamError())
    incoming.unread(read)
    return None


def _is_failure(event: events.Event) -> bool:
    return isinstance(event, events.Failed)


def _told(event: events.Event) -> Verdict:
    busy = isinstance(event, events.Failed) and event.busy
    return upstream_failure.of_failure(ServiceUnavailable() if busy else UpstreamError())


def _begin(exchange: Exchange, attempt: Attempt) -> None:
    exchange.route = attempt.route
    untouched = exchange.request.dialect in attempt.upstream.dialects
    exchange.writer = exchange.surface.writer(exchange.request, given(exchange.envelope), untouched)
    exchange.advance(Stage.CONNECTED)


async def _blame(
    found: Verdict, attempt: Attempt, plane: Plane, hopeless: set[str], name: str
) -> None:
    if found.blame in ("key", "route"):
        hopeless.add(name)
        told = {"key": attempt.key.name, "model": attempt.route.upstream_model}
        _log.error("provider.refused", blame=found.blame, **told)
    elif found.blame == "provider":
        await plane.circuits.failed(attempt.key.name)


async def _pause(turn: int, last: Verdict | None) -> bool:
    """Whether another turn is worth it; if so, after a pause with jitter."""
    if last is None or last.blame in ("key", "route") or last.retry_after_s > WAIT_S_MAX:
        return False
    backoff = PAUSE_S * 2**turn * random.uniform(0.5, 1.5)  # noqa: S311 - jitter, no secret
    await asyncio.sleep(max(backoff, last.retry_after_s))
    return True
