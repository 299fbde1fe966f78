"""What Google keeps for a project. Nothing can be made here, so every id is unknown.

Google does not tell what is missing from what is forbidden. Source of a file's words:
https://github.com/googleapis/python-genai/issues/1218.
"""

from typing import Any

from deploy.simulators.google.errors import body
from deploy.simulators.refusal import Refusal

FILES = "https://generativelanguage.googleapis.com/"


def check_stored(request: dict[str, Any]) -> None:
    """Raises `Refusal`. `request` has its names in camelCase."""
    if request.get("cachedContent"):
        raise Refusal(403, body(403, "CachedContent not found (or permission denied)"))
    for uri in _uris(request.get("contents")):
        if uri.startswith(FILES) or "://" not in uri:
            name = uri.rpartition("/")[2]
            message = f"You do not have permission to access the File {name} or it may not exist."
            raise Refusal(403, body(403, message))


def _uris(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for each in value for found in _uris(each)]
    if not isinstance(value, dict):
        return []
    own = [value["fileUri"]] if isinstance(value.get("fileUri"), str) else []
    return own + [found for each in value.values() for found in _uris(each)]
