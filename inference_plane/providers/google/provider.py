"""Google's Gemini API.

Source: Gemini API reference, https://ai.google.dev/api, https://ai.google.dev/api/tokens; the
header: https://ai.google.dev/gemini-api/docs/priority-inference.
"""

import msgspec

from inference_plane.core.request import Request
from inference_plane.providers.dialects import EMBED, GENERATE
from inference_plane.providers.google import embeddings, encode
from inference_plane.providers.google.map_error import map_error
from inference_plane.providers.provider import Embeddings, Provider
from shared.catalogue import Route

_write = msgspec.json.Encoder().encode


def _authorize(key: str) -> dict[str, str]:
    return {"x-goog-api-key": key}


def _temperature_max(_upstream_model: str) -> float:
    return 2.0


def _count_body(request: Request, route: Route) -> bytes:
    """countTokens takes contents alone, or a whole request, which must name its model again."""
    body = request.fields | {"model": f"models/{route.upstream_model}"}
    return _write({"generateContentRequest": body})


PROVIDER = Provider(
    name="google",
    patches={GENERATE: encode.patch, EMBED: embeddings.patch},
    encode=encode.encode,
    map_error=map_error,
    authorize=_authorize,
    temperature_max=_temperature_max,
    count_paths={GENERATE: "/v1beta/models/{model}:countTokens"},
    count_body=_count_body,
    tier_header="x-gemini-service-tier",
    embeddings=Embeddings(EMBED, embeddings.encode),
    bills_after_disconnect=True,
)
