"""Reads JSON request bodies into validated models."""

from aiohttp import web

from control_plane.kit import validation
from control_plane.kit.validation import Model
from shared import json_values
from shared.errors import InvalidRequest, UnsupportedMediaType


async def read(request: web.Request, model: type[Model]) -> Model:
    """The validated body. Raises UnsupportedMediaType, InvalidRequest or ValidationFailed."""
    if request.content_type != "application/json":
        raise UnsupportedMediaType
    body = json_values.decode(await request.read())
    if not isinstance(body, dict):
        raise InvalidRequest("The request body must be a JSON object.")
    return validation.check(model, body)


async def read_optional(request: web.Request, model: type[Model]) -> Model:
    """Like `read`; without a body, a model of the defaults."""
    if not request.body_exists:
        return validation.check(model, {})
    return await read(request, model)
