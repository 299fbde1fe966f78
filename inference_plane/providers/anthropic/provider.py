"""Anthropic.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/overview, "Authentication", and
https://docs.anthropic.com/en/api/versioning.
"""

import msgspec

from inference_plane.core.request import Request
from inference_plane.providers.anthropic import encode, families, instructions
from inference_plane.providers.anthropic.map_error import map_error
from inference_plane.providers.dialects import MESSAGES
from inference_plane.providers.provider import Provider
from shared.catalogue import Route

_write = msgspec.json.Encoder().encode


def _authorize(key: str) -> dict[str, str]:
    return {"x-api-key": key, "anthropic-version": "2023-06-01"}


def _temperature_max(upstream_model: str) -> float | None:
    return 1.0 if families.takes_sampling(upstream_model) else None


def _count_body(request: Request, route: Route) -> bytes:
    model = route.upstream_model
    messages = instructions.placed(request.fields.get("messages"), model)
    return _write(request.fields | {"model": model, "messages": messages})


PROVIDER = Provider(
    name="anthropic",
    patches={MESSAGES: encode.patch},
    encode=encode.encode,
    map_error=map_error,
    authorize=_authorize,
    temperature_max=_temperature_max,
    count_paths={MESSAGES: "/v1/messages/count_tokens"},
    count_body=_count_body,
    marks_caches=True,
)
