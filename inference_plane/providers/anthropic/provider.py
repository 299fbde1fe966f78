"""Anthropic.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/overview, "Authentication", and
https://docs.anthropic.com/en/api/versioning.
"""

from inference_plane.providers.anthropic import encode
from inference_plane.providers.anthropic.map_error import map_error
from inference_plane.providers.dialects import MESSAGES
from inference_plane.providers.provider import Provider


def _authorize(key: str) -> dict[str, str]:
    return {"x-api-key": key, "anthropic-version": "2023-06-01"}


def _temperature_max(_upstream_model: str) -> float:
    return 1.0


PROVIDER = Provider(
    name="anthropic",
    patches={MESSAGES: encode.patch},
    encode=encode.encode,
    map_error=map_error,
    authorize=_authorize,
    temperature_max=_temperature_max,
    count_paths={MESSAGES: "/v1/messages/count_tokens"},
)
