"""What a request leaves open, and how the user's preference is written into it.

Each surface says where it has a thing. What its caller steers, stays the caller's: who sets one
knob of the sampling has set the sampling, and who asks for thoughts has budgeted for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from inference_plane.surfaces.generate import spelling
from inference_plane.surfaces.reading import Fields

_read = msgspec.json.Decoder(dict[str, Any]).decode
_write = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Openings:
    """`places`: by preference, the field where it goes. `closed_by`: by preference, the fields that
    leave no room for it. `inside` is the object that holds them, where it is not the body itself.
    """

    places: Mapping[str, str]
    closed_by: Mapping[str, tuple[str, ...]]
    inside: str = ""


NONE = Openings({}, {})
CHAT = Openings(
    {
        "model": "model",
        "stream": "stream",
        "max_tokens": "max_completion_tokens",
        "temperature": "temperature",
    },
    {
        "max_tokens": ("max_tokens", "reasoning_effort"),
        "temperature": ("top_p", "reasoning_effort"),
    },
)
COMPLETIONS = Openings(
    {each: each for each in ("model", "stream", "max_tokens", "temperature")},
    {"temperature": ("top_p",)},
)
RESPONSES = Openings(
    {**CHAT.places, "max_tokens": "max_output_tokens"},
    {"max_tokens": ("reasoning",), "temperature": ("top_p", "reasoning")},
)
MESSAGES = Openings(
    {each: each for each in ("model", "stream", "temperature")},
    {"temperature": ("top_p", "top_k", "thinking")},
)
GENERATE = Openings(
    {"max_tokens": "maxOutputTokens", "temperature": "temperature"},
    {"max_tokens": ("thinkingConfig",), "temperature": ("topP", "topK")},
    inside="generationConfig",
)


def fill(fields: Fields, openings: Openings, wishes: Mapping[str, Any]) -> bytes | None:
    """The body with those wishes for which there is room; None where there is room for none."""
    possible = {name: wishes[name] for name in openings.places if name in wishes}
    if not possible:
        return None
    whole, holder = _opened(fields, openings)
    fitting = {
        openings.places[name]: wish
        for name, wish in possible.items()
        if not any(_is_given(holder.get(each)) for each in _rivals(name, openings))
    }
    holder.update(fitting)
    return _write(whole) if fitting else None


def _opened(fields: Fields, openings: Openings) -> tuple[dict[str, Any], dict[str, Any]]:
    """The body, and that object in it that holds what may be open."""
    if not openings.inside:
        whole: dict[str, Any] = dict(fields)
        return whole, whole
    whole = spelling.unified(_read(_write(fields)))
    holder = whole.get(openings.inside) or {}
    whole[openings.inside] = holder
    return whole, holder


def _rivals(name: str, openings: Openings) -> tuple[str, ...]:
    return (openings.places[name], *openings.closed_by.get(name, ()))


def _is_given(value: Any) -> bool:
    """`null` is how some SDKs write what their caller left out; an empty name is no name."""
    raw = bytes(value) if isinstance(value, msgspec.Raw) else value
    return raw not in (None, b"null", b'""')
