"""Options of a messages request that Anthropic bills apart.

Source: https://docs.anthropic.com/en/docs/about-claude/pricing; guides below
https://docs.anthropic.com/en/docs/build-with-claude: prompt-caching, fast-mode, data-residency,
refusals-and-fallback.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from inference_plane.core import hosted_tools, walking
from inference_plane.core.options import Option, cache_kind, tier_of
from inference_plane.core.served import ANYWHERE
from inference_plane.surfaces.references import OWN_JSON

FREE_TIERS = ("auto", "standard_only")
_OTHER_MODELS = ("fallbacks", "fallback_credit_token")
"""Fields that may have another model answer than the one that is named."""


def find(fields: Mapping[str, Any]) -> list[Option]:
    """Every option in the fields of a body."""
    return [
        *tier_of(fields.get("service_tier"), "service_tier", FREE_TIERS),
        *tier_of(fields.get("speed"), "speed", ()),
        *_region(fields.get("inference_geo")),
        *_caches(fields),
        *_tools(fields),
        *(Option("other", (), name) for name in _OTHER_MODELS if fields.get(name)),
    ]


def _region(value: Any) -> Iterator[Option]:
    if value is not None and value not in ANYWHERE:
        yield Option("region", (str(value),), "inference_geo")


def _caches(fields: Mapping[str, Any]) -> Iterator[Option]:
    """Wherever in the prompt: a mark counts at every depth, but in the caller's own JSON."""
    prompt = {name: fields.get(name) for name in ("system", "messages", "tools")}
    own = [("", dict(fields) | dict.fromkeys(prompt))]
    nodes = [node for name, value in prompt.items() for node in _blocks(value, name)]
    for path, node in (*own, *nodes):
        for field in ("cache_control", "caching"):
            kind = cache_kind(node.get(field))
            if kind:
                yield Option("tokens", (kind,), f"{path}.{field}.ttl".lstrip("."))


def _blocks(value: Any, path: str) -> Iterator[tuple[str, walking.Node]]:
    return walking.objects_in(value, path, OWN_JSON | {"input"})


def _tools(fields: Mapping[str, Any]) -> Iterator[Option]:
    for path, tool in hosted_tools.tools_of_anthropic(fields):
        use = hosted_tools.use_of_anthropic(tool)
        if use is None:
            yield Option("other", (str(tool.get("type")),), f"{path}.type")
        elif use:
            yield Option("use", (use,), f"{path}.type", walking.limit_of(tool.get("max_uses")))
