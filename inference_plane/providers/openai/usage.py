"""OpenAI's counts as ours.

Its prompt count includes cached tokens. Some providers of its dialect (xAI) leave reasoning out of
`completion_tokens` but not out of `total_tokens`, so the total counts. Source: OpenAI API
reference, https://platform.openai.com/docs/api-reference/chat/object.
"""

import msgspec

from inference_plane.core import events, usage
from inference_plane.core.usage import Reported
from inference_plane.core.vendor_json import as_object


def of_chat(raw: msgspec.Raw) -> list[events.Event]:
    """The `usage` of chat completions and embeddings; nothing where there is none."""
    figures = usage.figures_of(raw)
    if figures is None:
        return []
    if not figures:
        return [usage.UNKNOWN]
    details = as_object(figures.get("completion_tokens_details"))
    reported = Reported(
        prompt=(figures.get("prompt_tokens"),),
        output=(figures.get("completion_tokens"),),
        cache_read=as_object(figures.get("prompt_tokens_details")).get("cached_tokens"),
        reasoning=details.get("reasoning_tokens"),
        total=figures.get("total_tokens"),
    )
    return [usage.read(reported)]


def of_response(raw: msgspec.Raw) -> list[events.Event]:
    """The `usage` of the Responses API; nothing where there is none."""
    figures = usage.figures_of(raw)
    if figures is None:
        return []
    if not figures:
        return [usage.UNKNOWN]
    reported = Reported(
        prompt=(figures.get("input_tokens"),),
        output=(figures.get("output_tokens"),),
        cache_read=as_object(figures.get("input_tokens_details")).get("cached_tokens"),
        reasoning=as_object(figures.get("output_tokens_details")).get("reasoning_tokens"),
    )
    return [usage.read(reported)]
