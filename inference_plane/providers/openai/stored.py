"""What OpenAI keeps of an answer: the response, its items, its containers and their files.

A stored chat completion, a stored response and its items are kept for 30 days. A container ends 20
minutes after it was last used, but the items that name it live on, so it is recorded as long as
they are. Source: https://platform.openai.com/docs/guides/your-data, "v1/responses"; guide
https://platform.openai.com/docs/guides/tools-code-interpreter, "Containers".
"""

from typing import Any

import msgspec

from inference_plane.core import events, vendor_json
from inference_plane.core.events import Kept

KEPT_S = 30 * 24 * 3600
_CONTAINER = frozenset({"container_id", "file_id"})
_read = vendor_json.reader(list[dict[str, Any]])


def kept_by(response_id: str, output: msgspec.Raw, *, whole: bool) -> list[events.Event]:
    """`output` are the items of the response. `whole`: the response itself is stored."""
    raw = bytes(output)
    if not whole and b"container" not in raw:
        return []
    items = _read(raw) or []
    ids = [response_id, *(item.get("id") for item in items)] if whole else []
    ids += [each for item in items for each in _of_containers(item)]
    return [Kept(each, KEPT_S) for each in dict.fromkeys(ids) if isinstance(each, str) and each]


def _of_containers(value: Any) -> list[Any]:
    """The ids of containers and their files, wherever an item names them."""
    if isinstance(value, list):
        return [found for each in value for found in _of_containers(each)]
    if not isinstance(value, dict):
        return []
    own = [value[name] for name in _CONTAINER if name in value] if "container_id" in value else []
    return own + [found for each in value.values() for found in _of_containers(each)]
