"""The life of a request, as a table.

A column is a surface, a row is a step, top to bottom in the order they run. Everything below admit
holds the caller's credits, so nothing below it may end without settle: `run` sees to that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from inference_plane.pipeline.admit import admit
from inference_plane.pipeline.apply_preferences import apply_preferences
from inference_plane.pipeline.authenticate import authenticate
from inference_plane.pipeline.connect import connect
from inference_plane.pipeline.count import count
from inference_plane.pipeline.ending import end
from inference_plane.pipeline.estimate import estimate
from inference_plane.pipeline.finish import finish
from inference_plane.pipeline.outlive import outlive, outlives
from inference_plane.pipeline.relay import relay
from inference_plane.pipeline.replay import replay
from inference_plane.pipeline.resolve import resolve
from inference_plane.pipeline.settle import settle
from inference_plane.pipeline.translate import translate
from inference_plane.runtime.exchange import Exchange
from inference_plane.runtime.plane import Plane
from inference_plane.surfaces.table import COLUMNS

__all__ = ["COLUMNS", "STEPS", "Exchange", "Plane", "Row", "run", "steps_of"]

Step = Callable[[Exchange, Plane], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Row:
    step: Step
    marks: str


STEPS: tuple[Row, ...] = (
    #   step                chat completions responses messages generate embeddings count estimate
    Row(authenticate, "      x       x          x         x        x         x       x       x"),
    Row(apply_preferences, " x       x          x         x        x         -       -       x"),
    Row(replay, "            x       x          x         x        x         x       -       -"),
    Row(resolve, "           x       x          x         x        x         x       x       x"),
    Row(translate, "         x       x          x         x        x         x       x       x"),
    Row(count, "             -       -          -         -        -         -       x       -"),
    Row(estimate, "          -       -          -         -        -         -       -       x"),
    Row(admit, "             x       x          x         x        x         x       -       -"),
    Row(connect, "           x       x          x         x        x         x       -       -"),
    Row(relay, "             x       x          x         x        x         x       -       -"),
    Row(settle, "            x       x          x         x        x         x       -       -"),
    Row(finish, "            x       x          x         x        x         x       -       -"),
)


def steps_of(column: str) -> tuple[Step, ...]:
    """The steps whose row has a mark in this column."""
    place = COLUMNS.index(column)
    return tuple(row.step for row in STEPS if row.marks.split()[place] == "x")


async def run(exchange: Exchange, plane: Plane, steps: tuple[Step, ...]) -> None:
    """All steps in order. However they end, the hold is ended and the upstream is let go."""
    try:
        for step in steps:
            await step(exchange, plane)
            if exchange.answered:
                break
    except asyncio.CancelledError:
        exchange.status = "cancelled"
        exchange.outliving = outlives(exchange)
        if exchange.outliving:
            plane.settler.outlive(outlive(exchange, plane))
        raise
    finally:
        if not exchange.outliving:
            await end(exchange, plane)
