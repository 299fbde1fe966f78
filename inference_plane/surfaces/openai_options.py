"""What chat completions and responses have in common of the options that OpenAI bills apart.

Source: https://platform.openai.com/docs/guides/priority-processing,
https://platform.openai.com/docs/guides/flex-processing and
https://platform.openai.com/docs/guides/prompt-caching.
"""

from collections.abc import Iterator
from typing import Any

from inference_plane.core.options import Option, tier_of

FREE_TIERS = ("auto", "default")


def openai_tier(value: Any) -> Iterator[Option]:
    """The tier of `service_tier`: `fast` is another word for `priority`."""
    name = "priority" if isinstance(value, str) and value.strip().lower() == "fast" else value
    yield from tier_of(name, "service_tier", FREE_TIERS)


def cache_of(value: Any) -> Iterator[Option]:
    """A longer life in the cache than the usual half hour."""
    ttl = value.get("ttl") if isinstance(value, dict) else None
    if ttl not in (None, "30m"):
        yield Option("tokens", (f"cache_write_{ttl}",), "prompt_cache_options.ttl")
