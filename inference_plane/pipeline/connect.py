"""Open the upstream's response, and wait for the first content.

Until then nothing has been sent: another key or route may be tried, and a failure of all of them is
an HTTP error and free. A busy provider is retried after a pause, its own if it names a short one; a
key that was refused, or a route whose model does not exist, is not.
"""

import asyncio
import random

import structlog

from inference_plane.core import events, upstream_failure
from inference_plane.core.renamed import Renamed
from inference_plane.core.transitions import Stage
from inference_plane.core.upstream_failure import UpstreamFailure
from inference_plane.pipeline.check_references import not_found
from inference_plane.pipeline.translate import ignored_of
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from inference_plane.runtime.transport import UpstreamResponse
from inference_plane.runtime.upstream_pool import Attempt
from inference_plane.runtime.upstream_stream import Frame, UpstreamStream
from shared.errors import ServiceUnavailable, UpstreamError, UpstreamTimeout
from shared.failpoints import reach

ROUNDS = 3
PAUSE_S = 0.2
PAUSE_S_MAX = 5.0
"""If a provider asks for a longer pause, the caller gets the error and the pause at once."""

_log = structlog.get_logger("connect")


async def connect(exchange: Exchange, runtime: Runtime) -> None:
    """Raises the refusal of the last failure, if no attempt has succeeded."""
    reach("replica after reserve, before upstream")
    runtime.heartbeat.add(exchange)
    excluded: set[str] = set()
    last: UpstreamFailure | None = None
    for round_number in range(ROUNDS):
        if round_number and not await _pause(round_number, last):
            break
        for attempt in runtime.upstream_pool.attempts(exchange.routes, exchange.provider_key):
            failure = await _attempt(exchange, runtime, attempt, excluded)
            if failure is None:
                return
            last = failure if failure.fault != "capacity" or last is None else last
            if failure.final:
                raise failure.refusal
    raise (last or upstream_failure.NO_CAPACITY).refusal


async def _attempt(
    exchange: Exchange, runtime: Runtime, attempt: Attempt, excluded: set[str]
) -> UpstreamFailure | None:
    """None once the answer has begun."""
    name = f"{attempt.key.name} {attempt.route.upstream_model}"
    account = require(exchange.principal).account
    if name in excluded or attempt.upstream.full:
        return upstream_failure.NO_CAPACITY
    if not await runtime.circuits.allows(attempt.key.name, account):
        return upstream_failure.NO_CAPACITY
    exchange.attempts += 1
    attempt.acquire()
    try:
        failure = await _try(exchange, runtime, attempt)
    except BaseException:
        attempt.release()
        raise
    runtime.metrics.count_attempt(attempt.route.provider, failure.fault if failure else "ok")
    if failure is None:
        await runtime.circuits.succeeded(attempt.key.name)
        return None
    attempt.release()
    if exchange.references and _is_missing(failure):
        return UpstreamFailure(not_found(exchange.references[0]), "caller")
    if failure.fault == "provider" and not exchange.references:
        # Anthropic answers 500 for a container that it no longer has: what a request refers to may
        # be why it failed. Source: https://github.com/pydantic/pydantic-ai/issues/7833.
        await runtime.circuits.failed(attempt.key.name, account if failure.answered else "")
    _exclude(failure, attempt, excluded, name)
    return failure


def _is_missing(failure: UpstreamFailure) -> bool:
    """What the request refers to is gone. Google reports that as forbidden."""
    return failure.refusal.details.get("provider_status") in (403, 404)


async def _try(exchange: Exchange, runtime: Runtime, attempt: Attempt) -> UpstreamFailure | None:
    try:
        async with asyncio.timeout(runtime.settings.first_token_timeout_s):
            return await _open(exchange, runtime, attempt)
    except TimeoutError:
        return upstream_failure.of_refusal(UpstreamTimeout())
    except (UpstreamError, UpstreamTimeout) as error:
        return upstream_failure.of_refusal(error)


async def _open(exchange: Exchange, runtime: Runtime, attempt: Attempt) -> UpstreamFailure | None:
    request = attempt.request(exchange)
    url = attempt.upstream.url + request.path
    response = await runtime.transport.post(url, attempt.headers(exchange), request.body)
    stream = UpstreamStream(response, request, attempt.release)
    try:
        failure = await _check(attempt, response, stream)
    except BaseException:
        stream.close()
        raise
    if failure is not None:
        stream.close()
        return failure
    exchange.upstream = stream
    tier = response.headers.get(attempt.upstream.provider.tier_header, "")
    if tier:
        require(exchange.meter).add([events.Served(tier.lower())])
    exchange.ignored = ignored_of(exchange, request.ignored)
    _begin(exchange, attempt)
    return None


async def _check(
    attempt: Attempt, response: UpstreamResponse, stream: UpstreamStream
) -> UpstreamFailure | None:
    if response.status == 200:
        return await _await_content(stream)
    map_error = attempt.upstream.provider.map_error
    return map_error(response.status, await response.read_error(), response.headers)


async def _await_content(stream: UpstreamStream) -> UpstreamFailure | None:
    """Reads until the answer itself begins, and puts back what was read."""
    frames: list[Frame] = []
    while batch := await stream.read():
        frames += batch
        failed = next((e for frame in batch for e in frame.events if _is_failure(e)), None)
        if failed is not None:
            return _of_event(failed)
        if any(frame.is_content for frame in batch):
            stream.unread(frames)
            return None
    if not any(isinstance(e, events.Ended) for frame in frames for e in frame.events):
        return upstream_failure.of_refusal(UpstreamError())
    stream.unread(frames)
    return None


def _is_failure(event: events.Event) -> bool:
    return isinstance(event, events.Failed)


def _of_event(event: events.Event) -> UpstreamFailure:
    busy = isinstance(event, events.Failed) and event.busy
    return upstream_failure.of_refusal(ServiceUnavailable() if busy else UpstreamError())


def _begin(exchange: Exchange, attempt: Attempt) -> None:
    exchange.route, exchange.provider_key = attempt.route, attempt.key.name
    same_dialect = exchange.request.dialect in attempt.upstream.dialects
    surface, request = exchange.surface, exchange.request
    writer = surface.writer(request, require(exchange.envelope), same_dialect)
    if same_dialect:
        writer = Renamed(writer, surface.model_field, request.model_id)
    exchange.writer = writer
    exchange.advance(Stage.CONNECTED)


def _exclude(failure: UpstreamFailure, attempt: Attempt, excluded: set[str], name: str) -> None:
    if failure.fault in ("key", "route"):
        excluded.add(name)
        target = {"key": attempt.key.name, "model": attempt.route.upstream_model}
        _log.error("provider.refused", fault=failure.fault, **target)


async def _pause(round_number: int, last: UpstreamFailure | None) -> bool:
    """Whether another round may succeed; if so, returns after a pause with jitter."""
    if last is None or last.fault in ("key", "route") or last.retry_after_s > PAUSE_S_MAX:
        return False
    jitter = random.uniform(0.5, 1.5)  # noqa: S311 - jitter, no secret
    backoff_s = PAUSE_S * 2**round_number * jitter
    await asyncio.sleep(max(backoff_s, last.retry_after_s))
    return True
