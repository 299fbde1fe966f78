"""The stages of a request: from every stage that holds credits, each path ends the hold."""

from operator import attrgetter

import pytest

from inference_plane.core.transitions import HOLDING, NEXT, Stage, advance

ENDS = {stage for stage, after in NEXT.items() if not after}


def _reached(start: Stage) -> set[Stage]:
    reached, todo = {start}, [start]
    while todo:
        for stage in NEXT[todo.pop()] - reached:
            reached.add(stage)
            todo.append(stage)
    return reached


def test_every_stage_is_in_the_table() -> None:
    assert set(NEXT) == set(Stage)


@pytest.mark.parametrize("stage", sorted(HOLDING, key=attrgetter("value")))
def test_held_credits_end_settled_or_released_and_never_otherwise(stage: Stage) -> None:
    assert _reached(stage) & ENDS <= {Stage.SETTLED, Stage.RELEASED}
    assert NEXT[stage] & {Stage.SETTLED, Stage.RELEASED}


def test_a_final_stage_has_no_successor() -> None:
    for end in ENDS:
        with pytest.raises(RuntimeError, match="cannot go"):
            advance(end, Stage.ADMITTED)
