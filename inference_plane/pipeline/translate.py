"""Translate the request: keep the routes whose provider has a counterpart for all of it.

What changes the meaning is carried or refused; a hint that a provider cannot follow is ignored and
told, unless the caller wants to be refused (`X-Headrace-Strict: 1`). This comes before anything is
held, so a request that no provider can express costs nothing.
"""

from inference_plane.core import pairing
from inference_plane.core.decoder import UpstreamRequest
from inference_plane.core.prompt import Inexpressible
from inference_plane.providers.table import PROVIDERS
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange
from inference_plane.surfaces import reading
from shared.catalogue import Route
from shared.errors import InvalidRequest

_STRICT = "by this model, and `X-Headrace-Strict` refuses what would be ignored."


async def translate(exchange: Exchange, runtime: Runtime) -> None:
    """Raises InvalidRequest that names the field no route has a counterpart for."""
    able: dict[int, tuple[str, ...]] = {}
    error, strict = None, exchange.incoming.strict
    for place, route in enumerate(exchange.routes):
        try:
            able[place] = _ignored(exchange, route, runtime, strict=strict)
        except Inexpressible as missing:
            name = exchange.surface.field_name(missing.field)
            error = error or reading.unsupported(name, missing.why)
        except InvalidRequest as invalid:
            error = error or invalid
    if error is not None and not able:
        raise error
    exchange.routes = [exchange.routes[place] for place in able]
    exchange.route, exchange.ignored = exchange.routes[0], next(iter(able.values()))
    exchange.envelope = exchange.surface.envelope(exchange.request)


def ignored_of(exchange: Exchange, by_provider: tuple[str, ...]) -> tuple[str, ...]:
    """What an answer does without, by the caller's own names. `by_provider`: by canonical names."""
    surface, read = exchange.surface, exchange.prompt or exchange.embedding
    own = read.ignored if read else ()
    named = tuple(surface.field_name(each) for each in by_provider)
    return (*own, *named, *_lowered(exchange))


def _lowered(exchange: Exchange) -> tuple[str, ...]:
    """The caller's limit, if it is above the model's."""
    model, requested = exchange.model, exchange.request.max_tokens
    if model is None or not model.max_output_tokens or not requested:
        return ()
    name = exchange.surface.field_names.get("max_tokens", exchange.request.limit_field)
    return (name,) if requested > model.max_output_tokens else ()


def _ignored(
    exchange: Exchange, route: Route, runtime: Runtime, *, strict: bool
) -> tuple[str, ...]:
    """Raises Inexpressible or InvalidRequest if the route's provider cannot do what is asked."""
    by_provider: tuple[str, ...] = ()
    if not runtime.upstream_pool.speaks(route, exchange.request.dialect):
        by_provider = _encode(exchange, route, runtime).ignored
    ignored = ignored_of(exchange, by_provider)
    if strict and ignored:
        listed = ", ".join(f"`{each}`" for each in ignored)
        raise InvalidRequest(f"{listed} cannot be followed {_STRICT}", param=ignored[0])
    return ignored


def _encode(exchange: Exchange, route: Route, runtime: Runtime) -> UpstreamRequest:
    """The request in the provider's dialect, from the canonical format, which is read once."""
    if exchange.request.read_embedding is not None:
        encode = runtime.upstream_pool.embedding_encoder(route)
        if encode is None:
            raise Inexpressible("model", "it does not create embeddings")
        exchange.embedding = exchange.embedding or exchange.request.read_embedding()
        return encode(exchange.embedding, route)
    if exchange.prompt is None:
        exchange.prompt = pairing.pair(exchange.request.read())
    return PROVIDERS[route.provider].encode(exchange.prompt, route, None)
