"""A provider's token figures as ours. Every dialect's decoder reads them here.

A provider may be wrong: negative, fractional, beyond any model's context, cached more than sent,
text where a number belongs. A figure is clamped where only a part of it cannot be true. One that
says nothing is marked unknown, and what was seen to flow is charged instead, see `core/meter.py`.
"""

import math
from typing import Any

import msgspec
from msgspec.structs import replace

from inference_plane.core import events, vendor_json
from shared.credits import PARTS, Tokens
from shared.events import TOKENS_MAX

Figures = dict[str, Any]
NONE = msgspec.Raw(b"null")
UNKNOWN = events.Used(Tokens(), corrected=True, prompt_known=False, output_known=False)


def figures_of(raw: msgspec.Raw) -> Figures | None:
    """The members of a usage object; None where there is none, as in most frames.

    Empty if it is no object, so that every figure of it is missing.
    """
    data = bytes(raw)
    return None if data in (b"", b"null") else vendor_json.read_object(data)


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's figures as they came, of any type. None is one that was left out.

    `prompt` and `output` are sums of theirs. `includes_cached`: the prompt contains both cache
    kinds. `total`: prompt and output together, where it may be more than their sum. `parts` are
    kinds of tokens that may have a price of their own, by the names of `credits.PARTS`; audio and
    pictures of the prompt include what was cached of them.
    """

    prompt: tuple[Any, ...]
    output: tuple[Any, ...]
    cache_read: Any = None
    cache_write: Any = None
    reasoning: Any = None
    total: Any = None
    includes_cached: bool = True
    parts: Figures = {}


def read(reported: Reported) -> events.Used:
    """The counts, with a mark on those that had to be corrected or are not known.

    It runs for every frame of a provider that reports with each.
    """
    parts = (reported.cache_read, reported.cache_write, reported.reasoning, reported.total)
    prompts, outputs = _sum(reported.prompt), _sum(reported.output)
    cache_read, cache_write, reasoning, total = [_figure(each) or 0 for each in parts]
    prompt, output = prompts or 0, outputs or 0
    if prompts is not None and outputs is not None and total > prompt + output:
        output = total - prompt
    read_, written, reasoned = cache_read, cache_write, min(reasoning, output)
    if reported.includes_cached and (read_ or written):
        read_ = min(read_, prompt)
        written = min(written, prompt - read_)
        prompt -= read_ + written
    corrected = (read_, written, reasoned) != (cache_read, cache_write, reasoning) or not (
        _are_plain(reported.prompt) and _are_plain(reported.output) and _are_plain(parts)
    )
    tokens = Tokens(prompt, read_, written, output, reasoned)
    if reported.parts:
        tokens = _with_parts(tokens, reported.parts)
    return events.Used(tokens, corrected, prompts is not None, outputs is not None)


def _with_parts(tokens: Tokens, parts: Figures) -> Tokens:
    """No part is more than the whole it belongs to, nor are two parts of one whole together.

    What is cached of the audio is no part of the uncached prompt.
    """
    left = {whole: getattr(tokens, whole) for whole in set(PARTS.values())}
    found: dict[str, int] = {}
    for part, whole in PARTS.items():
        count = _figure(parts.get(part)) or 0
        if part == "audio_input":
            count = max(0, count - (_figure(parts.get("audio_cache_read")) or 0))
        found[part] = min(count, left[whole])
        left[whole] -= found[part]
    return replace(tokens, **found)


def by_modality(details: Any) -> dict[str, Any]:
    """Google's list of counts by modality as a dict; empty for anything else."""
    return {
        vendor_json.as_text(each.get("modality")): each.get("tokenCount")
        for each in vendor_json.objects_in(details)
    }


def _sum(values: tuple[Any, ...]) -> int | None:
    """None if one of them is unknown, or their sum is."""
    total = 0
    for value in values:
        figure = _figure(value)
        if figure is None:
            return None
        total += figure
    return total if total <= TOKENS_MAX else None


def _are_plain(values: tuple[Any, ...]) -> bool:
    """Whether each was left out, or is a count as it came."""
    for value in values:  # noqa: SIM110 - a loop costs half of what `all` does, for every frame
        if value is not None and _figure(value) != value:
            return False
    return True


def _figure(value: Any) -> int | None:
    """A count; None for what cannot be one. A part of a token counts as one."""
    if value is None:
        return 0
    kind = type(value)
    if kind is int:
        return value if 0 <= value <= TOKENS_MAX else None
    return math.ceil(value) if kind is float and 0 <= value <= TOKENS_MAX else None
