"""Options of a Responses request that OpenAI bills apart.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses/create, and
https://platform.openai.com/docs/pricing, "Built-in tools".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from inference_plane.core import hosted_tools, walking
from inference_plane.core.options import Option
from inference_plane.surfaces.openai_options import cache_of, openai_tier


def find(fields: Mapping[str, Any]) -> list[Option]:
    """Every option in the fields of a body."""
    return [
        *openai_tier(fields.get("service_tier")),
        *cache_of(fields.get("prompt_cache_options")),
        *_audio(fields.get("input")),
        *_tools(fields),
    ]


def _audio(items: Any) -> Iterator[Option]:
    for path, each in walking.objects_in(items, "input"):
        if each.get("type") == "input_audio":
            yield Option("tokens", ("audio_input",), path)


def _tools(fields: Mapping[str, Any]) -> Iterator[Option]:
    most = walking.limit_of(fields.get("max_tool_calls"))
    for path, tool in hosted_tools.tools_of_openai(fields):
        use = hosted_tools.use_of_openai(tool)
        if use is None:
            yield Option("other", (str(tool.get("type")),), f"{path}.type")
        elif use:
            yield Option("use", (use,), f"{path}.type", most)
