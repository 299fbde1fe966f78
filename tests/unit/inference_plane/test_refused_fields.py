"""A refusal names the field as its caller knows it, whatever the canonical format calls it."""

from typing import Any

import pytest

from inference_plane.core.prompt import Inexpressible
from inference_plane.surfaces.table import SURFACES
from tests.support.translating import sent

OPEN = {"type": "object", "properties": {}, "additionalProperties": True}
BLANK: dict[str, dict[str, Any]] = {
    "chat": {"messages": [{"role": "user", "content": " "}]},
    "completions": {"prompt": " "},
    "responses": {"input": " "},
    "messages": {"max_tokens": 9, "messages": [{"role": "user", "content": " "}]},
    "generate": {"contents": [{"role": "user", "parts": [{"text": " "}]}]},
}
FIELDS = {
    "chat": "messages",
    "completions": "prompt",
    "responses": "input",
    "messages": "messages",
    "generate": "contents",
}


@pytest.mark.parametrize("surface", BLANK)
def test_a_blank_prompt_is_named_as_its_surface_names_it(surface: str) -> None:
    with pytest.raises(Inexpressible) as refused:
        sent(surface, "anthropic", BLANK[surface])
    [own] = {each.field_name(refused.value.field) for each in SURFACES if each.name == surface}
    assert own == FIELDS[surface]


def test_a_strict_tool_that_must_stay_open_is_named_as_a_tool() -> None:
    tool = {"type": "function", "function": {"name": "a", "strict": True, "parameters": OPEN}}
    body = {"messages": [{"role": "user", "content": "hi"}], "tools": [tool]}
    with pytest.raises(Inexpressible) as refused:
        sent("chat", "anthropic", body)
    assert refused.value.field == "tools"
