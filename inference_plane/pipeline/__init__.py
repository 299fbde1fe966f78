"""The life of a request, as a table.

A column is a surface, a row is a step, top to bottom in the order they run. Everything below admit
holds the caller's credits, so nothing below it may end without settle: `run` sees to that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from inference_plane.core.transitions import HOLDING
from inference_plane.pipeline.admit import admit
from inference_plane.pipeline.authenticate import authenticate
from inference_plane.pipeline.conclude import conclude
from inference_plane.pipeline.connect import connect
from inference_plane.pipeline.exchange import Exchange
from inference_plane.pipeline.plane import Plane
from inference_plane.pipeline.relay import relay
from inference_plane.pipeline.resolve import resolve
from inference_plane.pipeline.settle import settle

__all__ = ["STEPS", "SURFACES", "Exchange", "Plane", "Row", "run", "steps_of"]

Step = Callable[[Exchange, Plane], Awaitable[None]]
SURFACES = ("chat",)


@dataclass(frozen=True, slots=True)
class Row:
    step: Step
    marks: str


STEPS: tuple[Row, ...] = (
    #   step           chat
    Row(authenticate, " x  "),
    Row(resolve, "      x  "),
    Row(admit, "        x  "),
    Row(connect, "      x  "),
    Row(relay, "        x  "),
    Row(settle, "       x  "),
    Row(conclude, "     x  "),
)


def steps_of(surface: str) -> tuple[Step, ...]:
    """The steps whose row has a mark in this surface's column."""
    column = SURFACES.index(surface)
    return tuple(row.step for row in STEPS if row.marks.split()[column] == "x")


async def run(exchange: Exchange, plane: Plane, steps: tuple[Step, ...]) -> None:
    """All steps in order. However they end, the hold is ended and the upstream is let go."""
    try:
        for step in steps:
            await step(exchange, plane)
    except asyncio.CancelledError:
        exchange.status = "cancelled"
        raise
    finally:
        plane.heartbeat.forget(exchange)
        if exchange.answer is not None:
            exchange.answer.close()
        if exchange.stage in HOLDING:
            await plane.settler.finish(exchange)
