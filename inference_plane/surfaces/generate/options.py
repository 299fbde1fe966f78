"""Options of a generateContent request that Google bills apart.

Source: https://ai.google.dev/gemini-api/docs/pricing; Gemini API reference,
https://ai.google.dev/api/generate-content; https://ai.google.dev/gemini-api/docs/priority-inference.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from inference_plane.core import hosted_tools, walking
from inference_plane.core.options import Option, is_heard, tier_of
from inference_plane.surfaces.generate import casing

_PREFIX = "service_tier_"


def find(fields: Mapping[str, Any]) -> list[Option]:
    """Every option in the fields of a body, in either spelling of their names."""
    body = casing.to_camel_case(dict(fields))
    config = body.get("generationConfig")
    return [
        *_tier(body.get("serviceTier")),
        *_modalities(config if isinstance(config, dict) else {}),
        *_media(body),
        *_tools(body.get("tools")),
    ]


def _tier(value: Any) -> Iterator[Option]:
    name = value.strip().lower().removeprefix(_PREFIX) if isinstance(value, str) else value
    yield from tier_of(name, "serviceTier", ("unspecified", ""))


def _modalities(config: Mapping[str, Any]) -> Iterator[Option]:
    wanted = config.get("responseModalities")
    for modality in wanted if isinstance(wanted, list) else [wanted] if wanted else []:
        name = str(modality).lower()
        if name not in ("text", "modality_unspecified"):
            yield Option("tokens", (f"{name}_output",), "generationConfig.responseModalities")


def _media(body: Mapping[str, Any]) -> Iterator[Option]:
    for name in ("contents", "systemInstruction"):
        for path, node in walking.objects_in(body.get(name), name):
            for kind in ("inlineData", "fileData"):
                media = node.get(kind)
                if isinstance(media, dict) and is_heard(media.get("mimeType")):
                    yield Option("tokens", ("audio_input",), f"{path}.{kind}")


def _tools(tools: Any) -> Iterator[Option]:
    listed = tools if isinstance(tools, list) else [tools]
    for path, tool in walking.objects_of(listed, "tools"):
        for name, uses in hosted_tools.uses_of_google(tool):
            if uses is None:
                yield Option("other", (name,), f"{path}.{name}")
            elif uses:
                yield Option("use", uses, f"{path}.{name}")
