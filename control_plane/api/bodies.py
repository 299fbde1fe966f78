"""Reads JSON bodies: what is wrong with any field is told, every field at once."""

import json
from typing import Any

from aiohttp import web

from control_plane.kit import validation
from control_plane.kit.validation import Shape
from shared.errors import InvalidRequest, UnsupportedMediaType


async def read(request: web.Request, model: type[Shape]) -> Shape:
    """Raises UnsupportedMediaType, InvalidRequest (no JSON object) or ValidationFailed."""
    if request.content_type != "application/json":
        raise UnsupportedMediaType
    try:
        given: Any = json.loads(await request.read())
    except ValueError as error:
        raise InvalidRequest("The body is not valid JSON.") from error
    if not isinstance(given, dict):
        raise InvalidRequest("The body must be a JSON object.")
    return validation.check(model, given)
