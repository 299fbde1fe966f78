"""The Lua files: includes in place once, and a text that is its version."""

import re

import pytest

from inference_plane.runtime import scripts as inference_scripts
from shared import scripts
from shared.scripts import Script

EVERY = (*scripts.ALL, *inference_scripts.ALL)


@pytest.mark.parametrize("script", EVERY, ids=lambda s: s.name)
def test_every_include_is_in_place_and_only_once(script: Script) -> None:
    assert "@include" not in script.text
    functions = re.findall(r"^local function (\w+)", script.text, re.MULTILINE)
    assert len(functions) == len(set(functions))


@pytest.mark.parametrize("script", EVERY, ids=lambda s: s.name)
def test_flags_stand_where_redis_looks_for_them(script: Script) -> None:
    assert "#!lua" not in script.text[1:]


def test_what_ends_a_hold_runs_under_memory_pressure_and_what_begins_one_does_not() -> None:
    ending = {s.name for s in EVERY if s.text.startswith("#!lua flags=allow-oom\n")}
    assert ending == {"settle", "release", "sweep", "progress"}


def test_another_text_is_another_script() -> None:
    assert len({script.sha for script in EVERY}) == len(EVERY)
