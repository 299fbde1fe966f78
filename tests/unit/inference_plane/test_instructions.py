"""Instructions in the middle reach every Claude, in the form that its generation takes."""

import json
from typing import Any

import pytest

from inference_plane.core.request import Address
from inference_plane.providers.anthropic import encode, families
from inference_plane.surfaces.messages import decode
from shared.catalogue import Route

BRIEF = {"type": "text", "text": "be brief", "cache_control": {"type": "ephemeral"}}
TURNS: list[dict[str, Any]] = [
    {"role": "user", "content": "hi"},
    {"role": "system", "content": "be kind"},
    {"role": "user", "content": "and"},
    {"role": "system", "content": [BRIEF]},
]


def _sent(model: str) -> list[Any]:
    body = json.dumps({"model": "m", "max_tokens": 9, "messages": TURNS}).encode()
    request = decode.decode(body, Address())
    upstream = encode.patch(request, Route("anthropic", model), None)
    messages: list[Any] = json.loads(upstream.body)["messages"]
    return messages


@pytest.mark.parametrize("model", ["claude-opus-4-8", "claude-opus-5-5", "claude-haiku-5-5"])
def test_a_newer_one_gets_them_as_they_came(model: str) -> None:
    assert _sent(model) == TURNS


@pytest.mark.parametrize("model", ["claude-haiku-4-5-20251001", "claude-opus-4-20250514"])
def test_an_older_one_gets_them_as_the_users_text_in_tags(model: str) -> None:
    sent = _sent(model)
    assert [each["role"] for each in sent] == ["user"] * 4
    assert sent[1]["content"] == "<system>\nbe kind\n</system>"
    assert sent[3]["content"] == [BRIEF | {"text": "<system>\nbe brief\n</system>"}]


@pytest.mark.parametrize(
    ("model", "takes"),
    [
        ("claude-opus-4-8", True),
        ("claude-opus-4-7", False),
        ("claude-opus-4-1-20250805", False),
        ("claude-sonnet-4-6", False),
        ("claude-sonnet-5", False),
        ("claude-sonnet-5-5", True),
        ("claude-opus-5", True),
        ("claude-3-5-sonnet-20241022", False),
    ],
)
def test_a_generation_is_known_by_its_name(model: str, takes: bool) -> None:
    assert families.takes_instructions(model) == takes
