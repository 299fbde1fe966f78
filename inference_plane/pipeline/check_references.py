"""Check the provider's ids that the request names: each must be recorded for its account.

Nothing has been held. The request then goes to the key that the ids belong to. A route of another
dialect gets no id of a provider's, because translation has refused or left out what needs one.
"""

from inference_plane.core.reference import Reference
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from shared.catalogue import Route
from shared.errors import NotFound


async def check_references(exchange: Exchange, runtime: Runtime) -> None:
    """Raises NotFound by the caller's own field; ServiceUnavailable if Redis does not answer."""
    dialect = exchange.request.dialect
    own = [each for each in exchange.routes if runtime.upstream_pool.speaks(each, dialect)]
    references = exchange.surface.references(exchange.request.fields) if own else []
    if not references:
        return
    try:
        exchange.provider_key = await _owning_key(exchange, references, own, runtime)
        exchange.references, exchange.routes = references, own
    except NotFound:
        exchange.routes = [each for each in exchange.routes if each not in own]
        if not exchange.routes:
            raise
    exchange.route = exchange.routes[0]


async def _owning_key(
    exchange: Exchange, references: list[Reference], routes: list[Route], runtime: Runtime
) -> str:
    """The provider's key that all of these belong to, and that one of the routes may use."""
    account = require(exchange.principal).account
    known = await runtime.provider_ids.find(account, [each.id for each in references])
    key = known.get(references[0].id, "")
    for each in references:
        if not key or known.get(each.id) != key:
            raise not_found(each)
    if next(runtime.upstream_pool.attempts(routes, key), None) is None:
        raise not_found(references[0])
    return key


def not_found(reference: Reference) -> NotFound:
    return NotFound(
        f"`{reference.field}` refers to something that does not exist.", param=reference.field
    )
