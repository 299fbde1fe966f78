"""`/v1beta/models`: what a key can call.

Source: Gemini API reference, https://ai.google.dev/api/models.
"""

from typing import Any

from aiohttp import web

from deploy.simulators.google.errors import missing_model

_METHODS = ["generateContent", "countTokens", "createCachedContent", "batchGenerateContent"]
MODELS = {
    "gemini-4-argon": ("Gemini 4 Argon", _METHODS),
    "gemini-3.8-flash": ("Gemini 3.8 Flash", _METHODS),
    "gemini-3.7-flash": ("Gemini 3.7 Flash", _METHODS),
    "gemini-3.6-flash": ("Gemini 3.6 Flash", _METHODS),
    "gemini-3.5-flash": ("Gemini 3.5 Flash", _METHODS),
    "gemini-3.5-flash-lite": ("Gemini 3.5 Flash Lite", _METHODS),
    "gemini-3.1-pro-preview": ("Gemini 3.1 Pro Preview", _METHODS),
    "gemini-3.1-flash-lite": ("Gemini 3.1 Flash Lite", _METHODS),
    "gemini-3-pro-preview": ("Gemini 3 Pro Preview", _METHODS),
    "gemini-3-flash-preview": ("Gemini 3 Flash Preview", _METHODS),
    "gemini-2.5-pro": ("Gemini 2.5 Pro", _METHODS),
    "gemini-2.5-flash": ("Gemini 2.5 Flash", _METHODS),
    "gemini-2.5-flash-lite": ("Gemini 2.5 Flash Lite", _METHODS),
    "gemini-2.5-flash-image": ("Gemini 2.5 Flash Image", _METHODS),
    "gemini-2.0-pro": ("Gemini 2.0 Pro", _METHODS),
    "gemini-embedding-001": ("Gemini Embedding 001", ["embedContent"]),
}


def list_models(_: web.Request) -> dict[str, Any]:
    return {"models": [_model(each) for each in MODELS]}


def load_model(request: web.Request) -> dict[str, Any]:
    """Raises `Refusal` when there is none."""
    name = request.match_info["model"]
    if name not in MODELS:
        raise missing_model(name, "getModel")
    return _model(name)


def _model(name: str) -> dict[str, Any]:
    shown, methods = MODELS[name]
    return {
        "name": f"models/{name}",
        "version": "001",
        "displayName": shown,
        "description": f"{shown}, simulated",
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": methods,
        "temperature": 1,
        "topP": 0.95,
        "topK": 64,
        "maxTemperature": 2,
        "thinking": not name.startswith(("gemini-2.0", "gemini-embedding")),
    }
