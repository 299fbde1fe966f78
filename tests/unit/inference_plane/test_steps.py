"""The table of steps: a surface is admitted before it spends, and settled before it finishes."""

import pytest

from inference_plane.pipeline import STEPS, steps_of
from inference_plane.pipeline.admit import admit
from inference_plane.pipeline.authenticate import authenticate
from inference_plane.pipeline.connect import connect
from inference_plane.pipeline.finish import finish
from inference_plane.pipeline.settle import settle
from inference_plane.surfaces.table import COLUMNS, SURFACES

GENERATING = {surface.column for surface in SURFACES if surface.column == surface.name}


@pytest.mark.parametrize("column", sorted(GENERATING))
def test_no_surface_reaches_a_provider_without_admission_or_ends_without_settling(
    column: str,
) -> None:
    steps = steps_of(column)
    assert steps.index(authenticate) < steps.index(admit) < steps.index(connect)
    assert steps.index(connect) < steps.index(settle) < steps.index(finish)


def test_every_path_has_a_column_and_every_column_a_path() -> None:
    """A surface without a column would run no step, and so not authenticate."""
    assert all(surface.paths for surface in SURFACES)
    assert {surface.column for surface in SURFACES} == set(COLUMNS)


@pytest.mark.parametrize("column", sorted(set(COLUMNS) - GENERATING))
def test_columns_that_generate_nothing_are_not_admitted_or_connected(
    column: str,
) -> None:
    steps = steps_of(column)
    assert steps[0] is authenticate
    assert admit not in steps
    assert connect not in steps


def test_every_row_has_a_mark_for_every_surface() -> None:
    for row in STEPS:
        assert len(row.marks.split()) == len(COLUMNS)
