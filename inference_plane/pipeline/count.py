"""How many tokens a prompt is: the vendor's own count where it can be asked, else our estimate.

Nothing is generated, so nothing is held or charged.
"""

from inference_plane.runtime import respond
from inference_plane.runtime.exchange import Exchange, given
from inference_plane.runtime.plane import Plane
from inference_plane.runtime.upstream_pool import Attempt
from shared.errors import UpstreamError, UpstreamTimeout


async def count(exchange: Exchange, plane: Plane) -> None:
    """Raises what the provider's refusal means, where the caller erred."""
    answer = await _ask(exchange, plane)
    if answer is None:
        answer = given(exchange.surface.token_count)(exchange.request.prompt_tokens)
    await respond.free(exchange, answer)


async def _ask(exchange: Exchange, plane: Plane) -> bytes | None:
    """None where no provider of the caller's dialect can be asked."""
    for attempt in plane.upstreams.attempts(exchange.routes):
        path = attempt.upstream.provider.counts.get(exchange.request.dialect)
        if path is not None:
            return await _count(exchange, plane, attempt, path)
    return None


async def _count(exchange: Exchange, plane: Plane, attempt: Attempt, path: str) -> bytes | None:
    url = attempt.upstream.url + path.replace("{model}", attempt.route.upstream_model)
    body = attempt.upstream.provider.counted(exchange.request, attempt.route)
    try:
        answer = await plane.transport.post(url, attempt.headers(exchange), body)
        try:
            said = await answer.read_error() if answer.status != 200 else await answer.read_whole()
        finally:
            answer.close()
    except (UpstreamError, UpstreamTimeout):
        return None
    if answer.status == 200:
        return said
    found = attempt.upstream.provider.explain(answer.status, said, answer.headers)
    if found.final:
        raise found.refusal
    return None
