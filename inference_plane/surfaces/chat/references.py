"""What a chat request refers to at OpenAI: files, earlier spoken answers, voices.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/chat/create.
"""

from inference_plane.core.reference import Reference
from inference_plane.surfaces import references
from inference_plane.surfaces.references import Named, Node


def find(body: Node) -> list[Reference]:
    return references.find(body, _named, references.OWN_JSON)


def _named(node: Node) -> Named:
    yield from references.by_name(node)
    for name in ("audio", "voice"):
        spoken = node.get(name)
        if isinstance(spoken, dict):
            yield f"{name}.id", spoken.get("id")
