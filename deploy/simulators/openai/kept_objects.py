"""Stored responses and chat completions: read, changed, listed, cancelled and deleted by their id.

Each is kept for the key that made it. Source: OpenAI API reference,
https://platform.openai.com/docs/api-reference/responses and
https://platform.openai.com/docs/api-reference/chat. Source of the words of a refused cancellation:
https://github.com/vllm-project/vllm/issues/57999, which copies OpenAI's.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from deploy.simulators.openai.errors import body, invalid
from deploy.simulators.refusal import Refusal

SIZE_MAX = 500
_LISTED_MAX = 100


@dataclass(slots=True)
class KeptObjects:
    """Objects by key and id, each with the items or messages of its request."""

    objects: "OrderedDict[tuple[str, str], tuple[dict[str, Any], list[Any]]]" = field(
        default_factory=OrderedDict
    )

    def keep(self, key: str, kept: dict[str, Any], inputs: list[Any]) -> None:
        numbered = [
            {"id": f"{kept['id']}-{number}"} | each
            for number, each in enumerate(inputs)
            if isinstance(each, dict)
        ]
        self.objects[key, str(kept["id"])] = (kept, numbered)
        while len(self.objects) > SIZE_MAX:
            self.objects.popitem(last=False)

    def find(self, key: str, kept_id: str) -> tuple[dict[str, Any], list[Any]]:
        """Raises `Refusal` for what was never stored under this key, or is deleted."""
        found = self.objects.get((key, kept_id))
        if found is None:
            kind = "Response" if kept_id.startswith("resp") else "Chat completion"
            raise Refusal(404, body(f"{kind} with id '{kept_id}' not found."))
        return found


KEPT = web.AppKey("KEPT", KeptObjects)


def load(request: web.Request) -> Any:
    """Raises `Refusal`."""
    if request.query.get("stream") == "true":
        raise invalid("Streaming is only available for background responses.", "stream")
    return _found(request)[0]


def remove(request: web.Request) -> Any:
    """Raises `Refusal`."""
    kept = _found(request)[0]
    del request.app[KEPT].objects[_place(request)]
    is_chat = "chatcmpl" in str(kept["id"])
    kind = "chat.completion.deleted" if is_chat else "response"
    return {"id": kept["id"], "object": kind, "deleted": True}


def cancel(request: web.Request) -> Any:
    """Raises `Refusal`: none of them runs in the background."""
    _found(request)
    raise invalid("Cannot cancel a synchronous response.")


def list_inputs(request: web.Request) -> Any:
    """Raises `Refusal`. A response's are listed from the last to the first, unless told not to."""
    inputs = _found(request)[1]
    is_chat = "chatcmpl" in request.match_info["id"]
    order = request.query.get("order", "asc" if is_chat else "desc")
    listed = inputs if order == "asc" else inputs[::-1]
    limit = request.query.get("limit", "20")
    if not limit.isdecimal() or not 1 <= int(limit) <= _LISTED_MAX:
        raise invalid("Invalid 'limit': expected an integer from 1 to 100.", "limit")
    shown = listed[: int(limit)]
    return {
        "object": "list",
        "data": shown,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
        "has_more": len(shown) < len(listed),
    }


async def change(request: web.Request) -> Any:
    """Raises `Refusal`: nothing but the metadata can be changed."""
    kept = _found(request)[0]
    changes = await request.json()
    if changes.keys() != {"metadata"}:
        raise invalid("Only 'metadata' can be updated.", "metadata")
    kept["metadata"] = changes["metadata"]
    return kept


def _found(request: web.Request) -> tuple[dict[str, Any], list[Any]]:
    return request.app[KEPT].find(*_place(request))


def _place(request: web.Request) -> tuple[str, str]:
    return request.headers.get("Authorization", ""), request.match_info["id"]
