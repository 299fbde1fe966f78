"""The stages of a request, and which may follow which.

From ADMITTED on, the caller's credits are held; from there every path ends in SETTLED or RELEASED.
`tests/unit/inference_plane/test_transitions.py` checks that there is no other.
"""

from enum import Enum


class Stage(Enum):
    """How far a request has come."""

    ARRIVED = "arrived"
    ADMITTED = "admitted"
    CONNECTED = "connected"
    RELAYING = "relaying"
    SETTLED = "settled"
    RELEASED = "released"
    REFUSED = "refused"


NEXT: dict[Stage, frozenset[Stage]] = {
    Stage.ARRIVED: frozenset({Stage.ADMITTED, Stage.REFUSED}),
    Stage.ADMITTED: frozenset({Stage.CONNECTED, Stage.RELEASED}),
    Stage.CONNECTED: frozenset({Stage.RELAYING, Stage.SETTLED, Stage.RELEASED}),
    Stage.RELAYING: frozenset({Stage.SETTLED}),
    Stage.SETTLED: frozenset(),
    Stage.RELEASED: frozenset(),
    Stage.REFUSED: frozenset(),
}

HOLDING = frozenset({Stage.ADMITTED, Stage.CONNECTED, Stage.RELAYING})
"""The stages in which credits are held."""


def advance(now: Stage, to: Stage) -> Stage:
    """`to`, if it may follow `now`. Raises RuntimeError if not, which is a programming error."""
    if to not in NEXT[now]:
        raise RuntimeError(f"a request cannot go from {now.value} to {to.value}")
    return to
