"""Each parameter of each surface reaches each provider in its field, or is named: as an error, or
as a hint that was ignored.
"""

from typing import Any

import pytest

from tests.support.judges.harness import MODELS, Harness
from tests.support.judges.matrix import Cell, cells
from tests.support.judges.probe import Probe
from tests.support.judges.probes import PROBES, TOOL, at, unified
from tests.support.judges.received import Judge, error_code

_DIALECTS = {"openai": "chat", "anthropic": "messages", "google": "generate"}


@cells()
async def test_a_parameter_arrives_or_is_named(harness: Harness, cell: Cell) -> None:
    probe, judge = PROBES[cell.feature], harness.judges[cell.surface]
    turns, fields = _requested(probe, cell, judge)
    if cell.refused:
        with pytest.raises(Exception) as refused:  # each SDK has its own class
            await judge.send(MODELS[cell.provider], turns, **fields)
        assert error_code(refused.value)[1] == cell.code
        assert cell.refused in str(refused.value)
        return
    received = await judge.send(MODELS[cell.provider], turns, **fields)
    assert received.answers == (2 if cell.feature == "n" else 1)
    ignored = harness.testbed.last_headers().get("x-headrace-ignored", "")
    assert cell.ignored in ignored
    if cell.ignored:
        return
    assert ignored == ""
    responses = cell.surface == "responses" and cell.same_dialect
    dialect = "responses" if responses else _DIALECTS[cell.provider]
    if dialect in probe.arrives:
        path, value = probe.arrives[dialect]
        assert at(unified(await harness.last_body()), path) == value


def _requested(probe: Probe, cell: Cell, judge: Judge) -> tuple[list[Any], dict[str, Any]]:
    turns = probe.turns.get(cell.surface) or judge.user("hi")
    tools = judge.tools(TOOL) if probe.tools else {}
    return turns, tools | probe.send.get(cell.surface, {})
