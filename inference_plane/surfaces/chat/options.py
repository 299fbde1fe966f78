"""Options of a chat request that OpenAI, or a service of its dialect, bills apart.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/chat/create, and
https://platform.openai.com/docs/pricing. Of others: https://docs.x.ai/docs/guides/live-search and
https://openrouter.ai/docs/api-reference/overview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from inference_plane.core import hosted_tools, walking
from inference_plane.core.options import Option
from inference_plane.surfaces.openai_options import cache_of, openai_tier

_FREE_TOOLS = frozenset({"function", "custom"})
_OTHERS = ("search_parameters", "plugins", "models", "route", "provider")
"""Fields of other services that search the web, or answer with another model than the named one."""


def find(fields: Mapping[str, Any]) -> list[Option]:
    """Every option in the fields of a body."""
    return [
        *openai_tier(fields.get("service_tier")),
        *cache_of(fields.get("prompt_cache_options")),
        *_audio(fields),
        *_tools(fields),
        *(Option("other", (), name) for name in _OTHERS if fields.get(name)),
    ]


def _audio(fields: Mapping[str, Any]) -> Iterator[Option]:
    modalities = fields.get("modalities")
    wanted = modalities if isinstance(modalities, list) else [modalities] if modalities else []
    for modality in wanted:
        if modality != "text":
            yield Option("tokens", (f"{modality}_output",), "modalities")
    if fields.get("audio"):
        yield Option("tokens", ("audio_output",), "audio")
    for path, each in walking.objects_in(fields.get("messages"), "messages"):
        if each.get("type") == "input_audio" or each.get("input_audio"):
            yield Option("tokens", ("audio_input",), f"{path}.input_audio")
        elif each.get("role") == "assistant" and each.get("audio"):
            yield Option("tokens", ("audio_input",), f"{path}.audio")
        elif each.get("type") == "video_url":
            yield Option("tokens", ("audio_input",), f"{path}.video_url")


def _tools(fields: Mapping[str, Any]) -> Iterator[Option]:
    if fields.get("web_search_options") is not None:
        yield Option("use", (hosted_tools.WEB_SEARCH,), "web_search_options")
    for path, tool in walking.objects_of(fields.get("tools"), "tools"):
        kind = str(tool.get("type", "function"))
        if kind not in _FREE_TOOLS:
            yield Option("other", (kind,), f"{path}.type")
