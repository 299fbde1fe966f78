"""Open the upstream's answer. Until its first frame a failure is an HTTP error, and free."""

from inference_plane.core.transitions import Stage
from inference_plane.pipeline.exchange import Exchange, given
from inference_plane.pipeline.plane import Plane
from inference_plane.providers import openai
from shared.failpoints import reach


async def connect(exchange: Exchange, plane: Plane) -> None:
    """Raises what the provider's refusal means to the caller."""
    reach("replica after reserve, before upstream")
    route = given(exchange.route)
    body = openai.encode(exchange.request, route, exchange.output_limit)
    answer = await plane.transport.post(
        plane.urls[route.provider] + openai.PATH,
        {"Authorization": f"Bearer {plane.keys[route.provider]}"},
        body,
    )
    exchange.answer = answer
    if answer.status != 200:
        raise openai.explain(answer.status, await answer.read_error())
    exchange.advance(Stage.CONNECTED)
    plane.heartbeat.watch(exchange)
