"""`/v1/models`: what a key can call.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/models.
"""

from typing import Any

from aiohttp import web

from deploy.simulators.openai import errors

MODELS = ("gpt-5", "gpt-5-mini", "gpt-4.1", "o4-mini", "text-embedding-3-small")
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
