"""What a provider is sent for a request of another dialect: read, paired, encoded. No I/O."""

import json
from typing import Any

from inference_plane.core import pairing
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
    address = Address("m", "generateContent") if surface == "generate" else Address()
    request = _SURFACES[surface].decode(json.dumps({"model": "m"} | body).encode(), address)
    prompt = pairing.pair(request.read())
    written: dict[str, Any] = json.loads(
        PROVIDERS[provider].encode(prompt, Route(provider, model or MODELS[provider]), None).body
    )
    return written
