"""`/v1/moderations`: nothing is flagged, unless its text contains the word "attack".

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/moderations.
"""

import uuid
from typing import Any, Literal

from aiohttp import web

from deploy.simulators import directive as directives
from deploy.simulators import validation
from deploy.simulators.openai.chat import check_model
from deploy.simulators.openai.errors import invalid
from deploy.simulators.playback import Work

_CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)


class _Text(validation.Strict, tag="text"):
    text: str


class _Url(validation.Strict):
    url: str


class _Image(validation.Strict, tag="image_url"):
    image_url: _Url


class ModerationRequest(validation.Strict):
    """The body of `/v1/moderations`."""

    input: str | list[str | _Text | _Image]
    model: str | None = None


def prepare(body: Any, _: web.Request) -> Work:
    """Raises `Violation`, `Refusal`, or ValueError for a wrong directive."""
    parsed = validation.read(body, ModerationRequest)
    model = parsed.model if parsed.model is not None else "omni-moderation-latest"
    check_model(model)
    given = [parsed.input] if isinstance(parsed.input, str) else parsed.input
    if not given:
        raise invalid("Invalid 'input': input cannot be an empty array.", "input")
    texts = [each for each in given if isinstance(each, str)]
    parts = [each for each in given if not isinstance(each, str)]
    words = [*texts, *(each.text for each in parts if isinstance(each, _Text))]
    results = [_result(each) for each in texts] if texts else [_result(" ".join(words))]
    prompt_text = "\n".join(words)
    answer = {"id": f"modr-{uuid.uuid4().hex}", "model": model, "results": results}
    return Work(directives.read(prompt_text), lambda: answer, prompt_text=prompt_text)


def _result(text: str) -> dict[str, Any]:
    flagged = "attack" in text
    kinds: list[Literal["text"]] = ["text"]
    return {
        "flagged": flagged,
        "categories": {each: flagged and each == "violence" for each in _CATEGORIES},
        "category_scores": {
            each: 0.9 if flagged and each == "violence" else 0.01 for each in _CATEGORIES
        },
        "category_applied_input_types": dict.fromkeys(_CATEGORIES, kinds),
    }
