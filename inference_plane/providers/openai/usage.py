"""OpenAI's counts as ours.

Its prompt count includes cached tokens, read or written. Some providers of its dialect (xAI) leave
reasoning out of `completion_tokens` but not out of `total_tokens`, so the total counts. Source:
OpenAI API reference, https://platform.openai.com/docs/api-reference/chat/object.
"""

from typing import Any

import msgspec

from inference_plane.core import events, usage
from inference_plane.core.usage import Reported
from inference_plane.core.vendor_json import as_object, as_text


def of_chat(raw: msgspec.Raw) -> list[events.Event]:
    """The `usage` of chat completions and embeddings; nothing where there is none."""
    figures = usage.figures_of(raw)
    if figures is None:
        return []
    if not figures:
        return [usage.UNKNOWN]
    details = as_object(figures.get("completion_tokens_details"))
    prompt_details = as_object(figures.get("prompt_tokens_details"))
    reported = Reported(
        prompt=(figures.get("prompt_tokens"),),
        output=(figures.get("completion_tokens"),),
        cache_read=prompt_details.get("cached_tokens"),
        cache_write=prompt_details.get("cache_write_tokens"),
        reasoning=details.get("reasoning_tokens"),
        total=figures.get("total_tokens"),
        parts=_parts(prompt_details, details),
    )
    return [usage.read(reported)]


def of_response(raw: msgspec.Raw) -> list[events.Event]:
    """The `usage` of the Responses API; nothing where there is none."""
    figures = usage.figures_of(raw)
    if figures is None:
        return []
    if not figures:
        return [usage.UNKNOWN]
    details = as_object(figures.get("output_tokens_details"))
    prompt_details = as_object(figures.get("input_tokens_details"))
    reported = Reported(
        prompt=(figures.get("input_tokens"),),
        output=(figures.get("output_tokens"),),
        cache_read=prompt_details.get("cached_tokens"),
        cache_write=prompt_details.get("cache_write_tokens"),
        reasoning=details.get("reasoning_tokens"),
        parts=_parts(prompt_details, details),
    )
    return [usage.read(reported)]


def _parts(prompt: usage.Figures, output: usage.Figures) -> usage.Figures:
    """Audio and pictures; most answers have none."""
    found = {
        "audio_input": prompt.get("audio_tokens"),
        "image_input": prompt.get("image_tokens"),
        "audio_output": output.get("audio_tokens"),
        "image_output": output.get("image_tokens"),
    }
    return {name: count for name, count in found.items() if count}


TIERS = {"default": "standard", "auto": "", "fast": "priority"}
"""OpenAI's words for our tiers; others have the same. `auto` says nothing of what is served.

An answer says `priority` where the request says `fast`. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/chat/object, "service_tier".
"""


def served(tier: Any) -> list[events.Event]:
    """An answer's `service_tier`; nothing where it says nothing."""
    name = as_text(tier)
    known = TIERS.get(name, name)
    return [events.Served(known)] if known else []
