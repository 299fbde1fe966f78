"""`/v1/models`: what a key can call.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/models.
"""

from typing import Any

from aiohttp import web

from deploy.simulators.openai import errors

MODELS = (
    "gpt-5",
    "gpt-5-mini",
    "gpt-4.1",
    "o4-mini",
    "text-embedding-3-small",
    "gpt-6-astra",
    "gpt-6.1-sol",
    "gpt-6.1-terra",
    "gpt-6-sol",
    "gpt-6-luna",
    "gpt-5.6-sol",
    "gpt-5.6-terra",
    "gpt-5.6-luna",
    "gpt-5.5",
    "gpt-5.5-pro",
    "gpt-5.4",
    "gpt-5.4-mini",
    "gpt-5.4-nano",
    "gpt-5.3-codex",
    "gpt-5.2",
    "gpt-5.2-codex",
    "gpt-5.1",
    "gpt-5.1-codex-max",
    "gpt-5.1-codex-mini",
    "gpt-5-nano",
    "gpt-5-codex",
    "o3",
    "gpt-4.1-mini",
    "gpt-4o",
    "gpt-4o-mini",
    "gpt-audio",
    "gpt-audio-mini",
    "text-embedding-3-large",
)
CREATED = 1_754_425_777


def list_models(_: web.Request) -> dict[str, Any]:
    return {"object": "list", "data": [_model(each) for each in MODELS]}


def load_model(request: web.Request) -> dict[str, Any]:
    """Raises `Refusal` when there is none."""
    name = request.match_info["model"]
    if name not in MODELS:
        raise errors.missing_model(name)
    return _model(name)


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "system"}
