"""What a request would cost, without running it: the arithmetic that admits it, told."""

import msgspec

from inference_plane.runtime import respond
from inference_plane.runtime.exchange import Exchange, given
from inference_plane.runtime.plane import Plane
from shared.credits import Tokens, cost, public

_write = msgspec.json.Encoder().encode


async def estimate(exchange: Exchange, plane: Plane) -> None:
    """`least` is what a start needs, `first_hold` what is set aside at first, `most` the limit."""
    meter, model = given(exchange.meter), given(exchange.model)
    increment = plane.settings.credit_increment
    price = meter.prices.of(meter.prompt_tokens)
    most = cost(Tokens(input=meter.prompt_tokens, output=meter.cap), price, increment)
    per_million = {
        "input": public(price.input, 1),
        "cache_read": public(price.cache_read, 1),
        "cache_write": public(price.cache_write, 1),
        "output": public(price.output, 1),
    }
    body = {
        "object": "estimate",
        "model": model.id,
        "prompt_tokens": meter.prompt_tokens,
        "max_output_tokens": meter.cap,
        "credits": {
            "least": public(meter.least(), increment),
            "first_hold": public(meter.first_want(), increment),
            "most": public(most, increment),
        },
        "credits_per_million_tokens": per_million,
        "estimated": True,
    }
    await respond.free(exchange, _write(body))
