"""Estimate what a request would cost, without running it, by the arithmetic that admits it."""

import msgspec

from inference_plane.runtime import respond
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange, require
from shared.credits import public

_write = msgspec.json.Encoder().encode


async def estimate(exchange: Exchange, runtime: Runtime) -> None:
    """`least` is what a request must have to start, `first_hold` what is held at first, `most` the
    cost of the longest answer; all in credits.
    """
    meter, model = require(exchange.meter), require(exchange.model)
    increment = runtime.settings.credit_increment
    price = meter.served.price(meter.prices, meter.prompt_tokens)
    most = meter.most()
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
            "least": public(meter.min_hold(), increment),
            "first_hold": public(meter.first_hold(), increment),
            "most": public(most, increment),
        },
        "credits_per_million_tokens": per_million,
        "estimated": True,
    }
    await respond.body(exchange, _write(body))
