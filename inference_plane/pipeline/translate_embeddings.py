"""Translate a request for embeddings: keep the routes whose provider can do all of it.

This comes before anything is held, so a request that no provider can express costs nothing.
"""

from inference_plane.core.prompt import Inexpressible
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from inference_plane.surfaces import reading
from shared.catalogue import Route
from shared.errors import InvalidRequest


async def translate_embeddings(exchange: Exchange, runtime: Runtime) -> None:
    """Raises InvalidRequest that names the field no route has a counterpart for."""
    able, error = [], None
    for route in exchange.routes:
        try:
            _check(exchange, route, runtime)
        except Inexpressible as missing:
            name = exchange.surface.field_name(missing.field)
            error = error or reading.unsupported(name, missing.why)
        except InvalidRequest as invalid:
            error = error or invalid
        else:
            able.append(route)
    if error is not None and not able:
        raise error
    exchange.routes, exchange.route = able, able[0]
    exchange.envelope = exchange.surface.envelope(exchange.request)


def _check(exchange: Exchange, route: Route, runtime: Runtime) -> None:
    if runtime.upstream_pool.speaks(route, exchange.request.dialect):
        return
    encode = runtime.upstream_pool.embedding_encoder(route)
    if encode is None:
        raise Inexpressible("model", "it does not create embeddings")
    if exchange.embedding is None:
        exchange.embedding = require(exchange.request.read_embedding)()
    encode(exchange.embedding, route)
