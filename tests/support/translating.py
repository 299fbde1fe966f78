"""What a provider is sent for a request of another dialect: read, paired, encoded. No I/O."""

import json
from typing import Any

from inference_plane.core import pairing
from inference_plane.core.decoder import UpstreamRequest
from inference_plane.core.prompt import Prompt
from inference_plane.core.request import Address
from inference_plane.providers.table import PROVIDERS
from inference_plane.surfaces.table import SURFACES
from shared.catalogue import Route

MODELS = {
    "openai": "gpt-4.1",
    "anthropic": "claude-sonnet-4-5",
    "google": "gemini-3-pro-preview",
}
_SURFACES = {each.name: each for each in reversed(SURFACES)}


def sent(surface: str, provider: str, body: dict[str, Any], model: str = "") -> dict[str, Any]:
    """The upstream's body. Raises InvalidRequest, or Inexpressible for what has no counterpart."""
    written: dict[str, Any] = json.loads(_encoded(surface, provider, body, model)[1].body)
    return written


def ignored(surface: str, provider: str, body: dict[str, Any], model: str = "") -> set[str]:
    """The caller's fields that the answer does without. Raises as `sent` does."""
    prompt, request = _encoded(surface, provider, body, model)
    own = _SURFACES[surface]
    return {*prompt.ignored, *(own.field_name(each) for each in request.ignored)}


def _encoded(
    surface: str, provider: str, body: dict[str, Any], model: str
) -> tuple[Prompt, UpstreamRequest]:
    address = Address("m", "generateContent") if surface == "generate" else Address()
    request = _SURFACES[surface].decode(json.dumps({"model": "m"} | body).encode(), address)
    prompt = pairing.pair(request.read())
    route = Route(provider, model or MODELS[provider])
    return prompt, PROVIDERS[provider].encode(prompt, route, None)
