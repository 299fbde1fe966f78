"""Reads JSON bodies: what is wrong with any field is told, every field at once."""

import json
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from shared.errors import InvalidRequest, UnsupportedMediaType, ValidationFailed

Body = TypeVar("Body", bound=BaseModel)


async def read(request: web.Request, model: type[Body]) -> Body:
    """Raises UnsupportedMediaType, InvalidRequest (no JSON object) or ValidationFailed."""
    if request.content_type != "application/json":
        raise UnsupportedMediaType
    try:
        given: Any = json.loads(await request.read())
    except ValueError as error:
        raise InvalidRequest("The body is not valid JSON.") from error
    if not isinstance(given, dict):
        raise InvalidRequest("The body must be a JSON object.")
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise ValidationFailed(details={"fields": _fields(error)}) from error


def _fields(error: ValidationError) -> list[dict[str, str]]:
    return [
        {
            "field": ".".join(str(part) for part in each["loc"]) or "body",
            "message": each["msg"].removeprefix("Value error, "),
        }
        for each in error.errors(include_url=False, include_input=False)
    ]
