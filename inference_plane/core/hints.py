"""The fields of a prompt that are hints: what they ask for may be left undone, if that is told.

They change how an answer is found, not what it means: how to sample it, how long to think, how much
to write, and who asks. A provider leaves out those that its model does not take.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from inference_plane.core.prompt import Prompt, Reasoning

SAMPLING = ("temperature", "top_p", "top_k", "presence_penalty", "frequency_penalty")
_NONE = Prompt()
_USUAL = {"temperature": 1, "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0}
"""The vendors' defaults: to leave them out changes nothing."""


def leave_out(prompt: Prompt, names: Iterable[str]) -> tuple[Prompt, tuple[str, ...]]:
    """The prompt as if the caller had not set these fields, and those that made a difference."""
    left_out = tuple(dict.fromkeys(names))
    missed = tuple(name for name in left_out if _made_a_difference(prompt, name))
    return replace(prompt, **{name: getattr(_NONE, name) for name in left_out}), missed


def _made_a_difference(prompt: Prompt, name: str) -> bool:
    value = getattr(prompt, name)
    if isinstance(value, Reasoning):
        return not value.is_off
    return value not in (getattr(_NONE, name), _USUAL.get(name))
