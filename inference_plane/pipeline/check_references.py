"""Check the provider's ids that the request names: each must be recorded for its account.

Nothing has been held. The request then goes to the key that the ids belong to.
"""

from inference_plane.core.reference import Reference
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from shared.errors import NotFound


async def check_references(exchange: Exchange, runtime: Runtime) -> None:
    """Raises NotFound by the caller's own field; ServiceUnavailable if Redis does not answer."""
    references = exchange.surface.references(exchange.request.fields)
    if not references:
        return
    account = require(exchange.principal).account
    known = await runtime.provider_ids.find(account, [each.id for each in references])
    for each in references:
        key = known.get(each.id)
        if key is None or key != (exchange.provider_key or key):
            raise not_found(each)
        exchange.provider_key = key
    if not any(
        True for _ in runtime.upstream_pool.attempts(exchange.routes, exchange.provider_key)
    ):
        raise not_found(references[0])
    exchange.references = references


def not_found(reference: Reference) -> NotFound:
    return NotFound(
        f"`{reference.field}` refers to something that does not exist.", param=reference.field
    )
