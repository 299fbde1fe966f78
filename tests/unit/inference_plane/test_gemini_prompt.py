"""Gemini's requests in the canonical format: a field that it cannot express is refused by name."""

import pytest

from inference_plane.surfaces.generate import prompt
from shared.errors import InvalidRequest

HI = {"contents": [{"parts": [{"text": "hi"}]}]}


def test_a_system_instruction_is_text_or_refused() -> None:
    texts = prompt.read(HI | {"systemInstruction": {"parts": [{"text": "be"}, {"text": "brief"}]}})
    assert [text.text for text in texts.system] == ["be", "brief"]
    picture = {"inlineData": {"mimeType": "image/png", "data": "aGk="}}
    with pytest.raises(InvalidRequest) as refused:
        prompt.read(HI | {"systemInstruction": {"parts": [{"text": "be like this"}, picture]}})
    assert refused.value.param == "systemInstruction"
