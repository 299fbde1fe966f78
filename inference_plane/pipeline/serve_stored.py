"""Serve a request about something that a provider keeps, for the account whose thing it is.

It goes to the provider with the key that made the thing. For every other account the thing does not
exist, as if its id were unknown.
"""

from inference_plane.runtime import respond
from inference_plane.runtime.body_limits import BodyLimit
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from inference_plane.runtime.upstream_pool import KeyedUpstream
from inference_plane.surfaces import reading
from shared.errors import NotFound


async def serve_stored(exchange: Exchange, runtime: Runtime) -> None:
    """Raises NotFound, InvalidRequest by the caller's own parameter, what reading a body raises,
    or the provider's refusal; ServiceUnavailable if Redis does not answer.
    """
    incoming, stored = exchange.incoming, require(exchange.surface.stored)
    has_body = incoming.method in stored.body_methods
    incoming.check(json=has_body)
    stored_id, account = stored.id_in(incoming.path), require(exchange.principal).account
    target = stored.target(stored_id, incoming.query)
    owner = await _owner(exchange, runtime, stored_id)
    body = await _body(exchange, runtime) if has_body else b""
    answer = await _send(exchange, runtime, owner, target, body)
    if incoming.method == "DELETE":
        await runtime.provider_ids.remove(account, stored_id)
    await respond.body(exchange, answer)


async def _owner(exchange: Exchange, runtime: Runtime, stored_id: str) -> KeyedUpstream:
    account = require(exchange.principal).account
    known = await runtime.provider_ids.find(account, [stored_id])
    owner = runtime.upstream_pool.keyed(known.get(stored_id, ""))
    if owner is None or exchange.surface.name not in owner.upstream.dialects:
        raise _not_found(stored_id)
    return owner


async def _body(exchange: Exchange, runtime: Runtime) -> bytes:
    """The caller's JSON object, as it came."""
    account = require(exchange.principal).account
    limit = BodyLimit(runtime.settings.body_bytes_max, account, runtime.body_limits)
    body = await exchange.incoming.body(limit)
    reading.fields_of(body)
    return body


async def _send(
    exchange: Exchange, runtime: Runtime, owner: KeyedUpstream, target: str, body: bytes
) -> bytes:
    url, method = owner.upstream.url + target, exchange.incoming.method
    response = await runtime.transport.send(method, url, owner.key.headers, body)
    try:
        read = response.read_all if response.status == 200 else response.read_error
        answer = await read()
    finally:
        response.close()
    if response.status == 404:
        raise _not_found(require(exchange.surface.stored).id_in(exchange.incoming.path))
    if response.status != 200:
        raise owner.upstream.provider.map_error(response.status, answer, response.headers).refusal
    return answer


def _not_found(stored_id: str) -> NotFound:
    return NotFound(f"`{stored_id[:100]}` does not exist.", param="id")
