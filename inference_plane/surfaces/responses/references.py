"""What a Responses request refers to at OpenAI: responses, conversations, items, files, containers.

An item of which only the id is given is looked up among those of stored responses; so is reasoning
without its encrypted content. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/responses/create; guide
https://platform.openai.com/docs/guides/reasoning, "Encrypted reasoning items".
"""

from typing import Any

from inference_plane.core.reference import Reference
from inference_plane.surfaces import references
from inference_plane.surfaces.references import Node

_OWN_JSON = references.OWN_JSON | {"annotations", "client_metadata"}
"""`annotations` are what an answer cited: words about a file, not the file. `client_metadata` is
Codex' own."""

_BARE = frozenset({"id", "type", "status"})


def find(body: Node) -> list[Reference]:
    items = body.get("input")
    numbered = list(enumerate(items)) if isinstance(items, list) else []
    given = {item["id"] for _, item in numbered if _asks_for_approval(item)}
    named = references.find(body, references.by_name, _OWN_JSON)
    found = [each for each in named if each.id not in given]
    prompt = body.get("prompt")
    if isinstance(prompt, dict) and isinstance(prompt.get("id"), str):
        found.append(Reference(prompt["id"], "prompt.id"))
    looked_up = [(place, item) for place, item in numbered if _is_looked_up(item)]
    return found + [Reference(item["id"], f"input[{place}].id") for place, item in looked_up]


def _asks_for_approval(item: Any) -> bool:
    """An approval that the request itself repeats needs no record."""
    is_item = isinstance(item, dict) and item.get("type") == "mcp_approval_request"
    return is_item and isinstance(item.get("id"), str)


def _is_looked_up(item: Any) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        return False
    match item.get("type"):
        case "item_reference":
            return True
        case "reasoning":
            return not item.get("encrypted_content")
        case "image_generation_call":
            return not item.get("result")
    return _BARE.issuperset(name for name, value in item.items() if value is not None)
