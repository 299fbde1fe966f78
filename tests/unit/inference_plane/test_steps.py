"""The table of steps: every surface is admitted before it spends, and settled before it is told."""

import pytest

from inference_plane.pipeline import STEPS, SURFACES, steps_of
from inference_plane.pipeline.admit import admit
from inference_plane.pipeline.authenticate import authenticate
from inference_plane.pipeline.conclude import conclude
from inference_plane.pipeline.connect import connect
from inference_plane.pipeline.settle import settle


@pytest.mark.parametrize("surface", SURFACES)
def test_no_surface_reaches_a_provider_without_admission_or_ends_without_settling(
    surface: str,
) -> None:
    steps = steps_of(surface)
    assert steps.index(authenticate) < steps.index(admit) < steps.index(connect)
    assert steps.index(connect) < steps.index(settle) < steps.index(conclude)


def test_every_row_has_a_mark_for_every_surface() -> None:
    for row in STEPS:
        assert len(row.marks.split()) == len(SURFACES)
