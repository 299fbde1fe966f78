"""Serve a request about something that a provider keeps, for the account whose thing it is.

It goes to the provider with the key that made the thing. For every other account the thing does not
exist, as if its id were unknown.
"""

import msgspec

from inference_plane.core import vendor_json
from inference_plane.runtime import respond
from inference_plane.runtime.body_limits import BodyLimit
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from inference_plane.runtime.provider_ids import Recorded
from inference_plane.runtime.upstream_pool import KeyedUpstream
from inference_plane.surfaces import reading
from shared.errors import NotFound

_read = vendor_json.reader(dict[str, msgspec.Raw])
_write = msgspec.json.Encoder().encode


async def serve_stored(exchange: Exchange, runtime: Runtime) -> None:
    """Raises NotFound, InvalidRequest by the caller's own parameter, what reading a body raises,
    or the provider's refusal; ServiceUnavailable if Redis does not answer.
    """
    incoming, stored = exchange.incoming, require(exchange.surface.stored)
    has_body = incoming.method in stored.body_methods
    incoming.check(json=has_body)
    stored_id, account = stored.id_in(incoming.path), require(exchange.principal).account
    target = stored.target(stored_id, incoming.query)
    recorded = await runtime.provider_ids.find_one(account, stored_id)
    owner = _owner(exchange, runtime, recorded)
    if recorded is None or owner is None:
        raise _not_found(stored_id)
    body = await _body(exchange, runtime) if has_body else b""
    answer = await _send(exchange, runtime, owner, target, body)
    if incoming.method == "DELETE":
        await runtime.provider_ids.remove(account, stored_id)
    await respond.body(exchange, _renamed(answer, recorded.model))


def _owner(exchange: Exchange, runtime: Runtime, recorded: Recorded | None) -> KeyedUpstream | None:
    """The provider that keeps it; None if its key is gone, or it has another dialect."""
    owner = runtime.upstream_pool.keyed(recorded.key) if recorded else None
    return owner if owner and exchange.surface.name in owner.upstream.dialects else None


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
    answer = await runtime.transport.fetch(method, url, owner.key.headers, body)
    if answer.status == 404:
        raise _not_found(require(exchange.surface.stored).id_in(exchange.incoming.path))
    if answer.status != 200:
        map_error = owner.upstream.provider.map_error
        raise map_error(answer.status, answer.body, answer.headers).refusal
    return answer.body


def _renamed(answer: bytes, model: str) -> bytes:
    """The answer with the model's name as its caller knows it, where it names one."""
    fields = _read(answer) if model else None
    return _write(fields | {"model": model}) if fields and "model" in fields else answer


def _not_found(stored_id: str) -> NotFound:
    return NotFound(f"`{stored_id[:100]}` does not exist.", param="id")
