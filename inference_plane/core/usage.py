"""A provider's token figures as ours. Every dialect's decoder reads them here.

A provider may be wrong: negative, fractional, beyond any model's context, cached more than sent,
text where a number belongs. A figure is clamped where only a part of it cannot be true. One that
says nothing is marked unknown, and what was seen to flow is charged instead, see `core/meter.py`.
"""

import math
from dataclasses import dataclass
from typing import Any

import msgspec

from inference_plane.core import events, vendor_json
from shared.credits import Tokens
from shared.events import TOKENS_MAX

Figures = dict[str, Any]
NONE = msgspec.Raw(b"null")
UNKNOWN = events.Used(Tokens(), corrected=True, prompt_known=False, output_known=False)


def figures_of(raw: msgspec.Raw) -> Figures | None:
    """The members of a usage object; None where there is none.

    Empty if it is no object, so that every figure of it is missing.
    """
    return None if bytes(raw) in (b"", b"null") else vendor_json.read_object(bytes(raw))


def object_in(figures: Figures, name: str) -> Figures:
    """An object within the figures; empty if there is none."""
    inner = figures.get(name)
    return inner if isinstance(inner, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A provider's figures as they came, of any type. None is one that was left out.

    `prompt` and `output` are sums of theirs. `includes_cached`: the prompt contains both cache
    kinds. `total`: prompt and output together, where it may be more than their sum.
    """

    prompt: tuple[Any, ...]
    output: tuple[Any, ...]
    cache_read: Any = None
    cache_write: Any = None
    reasoning: Any = None
    total: Any = None
    includes_cached: bool = True


def read(reported: Reported) -> events.Used:
    """The counts, with a mark on those that had to be corrected or are not known."""
    prompts, outputs = _all(reported.prompt), _all(reported.output)
    read_, written = _figure(reported.cache_read), _figure(reported.cache_write)
    reasoned, total = _figure(reported.reasoning), _figure(reported.total)
    given = (*reported.prompt, *reported.output, reported.cache_read, reported.cache_write)
    corrected = any(_is_odd(each) for each in (*given, reported.reasoning, reported.total))
    prompt, output = prompts or 0, outputs or 0
    if prompts is not None and outputs is not None:
        output = max(output, (total or 0) - prompt)
    cache_read, cache_write = read_ or 0, written or 0
    if reported.includes_cached:
        cache_read = min(cache_read, prompt)
        cache_write = min(cache_write, prompt - cache_read)
        prompt -= cache_read + cache_write
    reasoning = min(reasoned or 0, output)
    clamped = (cache_read, cache_write, reasoning) != (read_ or 0, written or 0, reasoned or 0)
    return events.Used(
        Tokens(prompt, cache_read, cache_write, output, reasoning),
        corrected=corrected or clamped,
        prompt_known=prompts is not None,
        output_known=outputs is not None,
    )


def _all(values: tuple[Any, ...]) -> int | None:
    figures = [_figure(each) for each in values]
    known = [each for each in figures if each is not None]
    total = sum(known)
    return total if len(known) == len(figures) and total <= TOKENS_MAX else None


def _figure(value: Any) -> int | None:
    """A count; None for what cannot be one. A part of a token counts as one."""
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return math.ceil(value) if 0 <= value <= TOKENS_MAX else None


def _is_odd(value: Any) -> bool:
    return value is not None and (_figure(value) is None or _figure(value) != value)
