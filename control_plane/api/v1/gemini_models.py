"""The models in the format of the Gemini API (reference: models.list, models.get)."""

from typing import Any

from aiohttp import web

from control_plane.api.request import ApiRequest
from control_plane.catalogue import service as catalogue
from control_plane.catalogue.records import Model

_EMBEDDING = "embedding"
_METHODS = ["generateContent", "countTokens"]
_EMBEDDING_METHODS = ["embedContent", "batchEmbedContents"]


async def list_models(request: ApiRequest) -> web.Response:
    """All available models, without pagination."""
    models = await catalogue.list_models(request.pool)
    return web.json_response({"models": [_model(model) for model in models if model.available]})


async def load_model(request: ApiRequest) -> web.Response:
    """Raises ModelNotFound."""
    model_id = request.http.match_info["id"]
    model = await catalogue.load_model(request.pool, model_id)
    return web.json_response(_model(model))


def _model(model: Model) -> dict[str, Any]:
    embeds = _EMBEDDING in model.capabilities
    return {
        "name": f"models/{model.id}",
        "version": model.version,
        "displayName": model.name,
        "description": model.description,
        "inputTokenLimit": model.context_length,
        "outputTokenLimit": model.max_output_tokens,
        "supportedGenerationMethods": _EMBEDDING_METHODS if embeds else _METHODS,
    }
