"""The life of a request, as a table.

A column is a surface's, a row is a step, and steps run from top to bottom. Everything below admit
holds the caller's credits, so nothing below it may end without settling: `run` sees to that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from inference_plane.core.transitions import Stage
from inference_plane.pipeline.admit import admit
from inference_plane.pipeline.apply_preferences import apply_preferences
from inference_plane.pipeline.authenticate import authenticate
from inference_plane.pipeline.check_prices import check_prices
from inference_plane.pipeline.check_references import check_references
from inference_plane.pipeline.connect import connect
from inference_plane.pipeline.count import count
from inference_plane.pipeline.estimate import estimate
from inference_plane.pipeline.finish import finish
from inference_plane.pipeline.moderate import moderate
from inference_plane.pipeline.read import read
from inference_plane.pipeline.record_references import record_references
from inference_plane.pipeline.relay import relay
from inference_plane.pipeline.replay import replay
from inference_plane.pipeline.resolve import resolve
from inference_plane.pipeline.serve_stored import serve_stored
from inference_plane.pipeline.settle import settle
from inference_plane.pipeline.throttle import throttle
from inference_plane.pipeline.translate import translate
from inference_plane.runtime.container import Runtime
from inference_plane.runtime.exchange import Exchange
from inference_plane.runtime.settlement import detached
from inference_plane.surfaces.table import COLUMNS

__all__ = ["STEPS", "Row", "Step", "run", "steps_of"]

Step = Callable[[Exchange, Runtime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Row:
    """`marks`: x in the columns whose requests take this step."""

    step: Step
    marks: str


STEPS: tuple[Row, ...] = (
    #   step                chat compl. resp. mess. gener. emb. embed count est. stored mod.
    Row(authenticate, "     x    x      x     x     x      x    x     x     x    x      x"),
    Row(read, "             x    x      x     x     x      x    x     x     x    -      x"),
    Row(apply_preferences, "x    x      x     x     x      -    -     -     x    -      -"),
    Row(replay, "           x    x      x     x     x      x    x     -     -    -      -"),
    Row(resolve, "          x    x      x     x     x      x    x     x     x    -      -"),
    Row(translate, "        x    x      x     x     x      x    x     x     x    -      -"),
    Row(check_references, " x    -      x     x     x      -    x     x     x    -      -"),
    Row(check_prices, "     x    -      x     x     x      x    x     -     x    -      -"),
    Row(throttle, "         -    -      -     -     -      -    -     x     x    x      x"),
    Row(count, "            -    -      -     -     -      -    -     x     -    -      -"),
    Row(estimate, "         -    -      -     -     -      -    -     -     x    -      -"),
    Row(serve_stored, "     -    -      -     -     -      -    -     -     -    x      -"),
    Row(moderate, "         -    -      -     -     -      -    -     -     -    -      x"),
    Row(admit, "            x    x      x     x     x      x    x     -     -    -      -"),
    Row(connect, "          x    x      x     x     x      x    x     -     -    -      -"),
    Row(relay, "            x    x      x     x     x      x    x     -     -    -      -"),
    Row(record_references, "x    -      x     x     -      -    -     -     -    -      -"),
    Row(settle, "           x    x      x     x     x      x    x     -     -    -      -"),
    Row(finish, "           x    x      x     x     x      x    x     -     -    -      -"),
)


_AFTER_DISCONNECT: dict[Stage, tuple[Step, ...]] = {
    Stage.CONNECTED: (relay, record_references, settle, finish),
    Stage.RELAYING: (relay, record_references, settle, finish),
    Stage.SETTLED: (finish,),
}
"""The steps that remain for a recorded answer, by the stage at which its caller disconnected."""


def steps_of(column: str) -> tuple[Step, ...]:
    """The steps whose row has a mark in this column."""
    place = COLUMNS.index(column)
    return tuple(row.step for row in STEPS if row.marks.split()[place] == "x")


async def run(exchange: Exchange, runtime: Runtime, steps: tuple[Step, ...]) -> None:
    """Runs the steps in order. However they end, the upstream is closed and the hold settled."""
    try:
        for step in steps:
            await step(exchange, runtime)
            if exchange.replayed:
                break
    except asyncio.CancelledError:
        exchange.status = "cancelled"
        exchange.detached = detached.continues(exchange)
        if exchange.detached:
            remaining = _AFTER_DISCONNECT.get(exchange.stage, ())
            runtime.settler.run_detached(detached.run(exchange, runtime, remaining))
        raise
    finally:
        if not exchange.detached:
            await runtime.end(exchange)
