"""Pass a moderation on to a provider that has the endpoint, and its answer back.

Nothing is generated, so nothing is held or charged; OpenAI serves moderation free of charge.
Source: https://platform.openai.com/docs/guides/moderation.
"""

import msgspec

from inference_plane.runtime import respond
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange
from shared.errors import NotFound

_write = msgspec.json.Encoder().encode
_NONE = "No provider of this deployment offers moderation."


async def moderate(exchange: Exchange, runtime: Runtime) -> None:
    """Raises NotFound if no provider has the endpoint, or the provider's refusal."""
    request = exchange.request
    found = runtime.upstream_pool.free(request.dialect)
    if found is None:
        raise NotFound(_NONE)
    upstream, provider = found.upstream, found.upstream.provider
    url, body = upstream.url + provider.free_paths[request.dialect], _write(request.fields)
    answer = await runtime.transport.fetch("POST", url, found.key.headers, body)
    if answer.status == 404 and not request.model_id:
        raise NotFound(_NONE)
    if answer.status != 200:
        raise provider.map_error(answer.status, answer.body, answer.headers).refusal
    await respond.body(exchange, answer.body)
