"""Count a prompt's tokens: with the vendor's own endpoint where there is one, else an estimate.

Nothing is generated, so nothing is held or charged.
"""

from inference_plane.runtime import respond
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from inference_plane.runtime.upstream_pool import Attempt
from shared.errors import UpstreamError, UpstreamTimeout


async def count(exchange: Exchange, runtime: Runtime) -> None:
    """Raises the provider's refusal if the request itself is at fault."""
    answer = await _count_upstream(exchange, runtime)
    if answer is None:
        answer = require(exchange.surface.token_count)(exchange.request.prompt_tokens)
    await respond.body(exchange, answer)


async def _count_upstream(exchange: Exchange, runtime: Runtime) -> bytes | None:
    """The provider's answer; None if no provider of the caller's dialect can count."""
    for attempt in runtime.upstream_pool.attempts(exchange.routes, exchange.provider_key):
        path = attempt.upstream.provider.count_paths.get(exchange.request.dialect)
        if path is not None:
            return await _post(exchange, runtime, attempt, path)
    return None


async def _post(exchange: Exchange, runtime: Runtime, attempt: Attempt, path: str) -> bytes | None:
    provider = attempt.upstream.provider
    url = attempt.upstream.url + path.replace("{model}", attempt.route.upstream_model)
    body = provider.count_body(exchange.request, attempt.route)
    try:
        response = await runtime.transport.post(url, attempt.headers(exchange), body)
        try:
            read = response.read_all if response.status == 200 else response.read_error
            answer = await read()
        finally:
            response.close()
    except (UpstreamError, UpstreamTimeout):
        return None
    if response.status == 200:
        return answer
    failure = provider.map_error(response.status, answer, response.headers)
    if failure.final:
        raise failure.refusal
    return None
