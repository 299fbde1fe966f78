"""What somebody sent must fit a shape; what does not is told, every field at once."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.errors import ValidationFailed

Shape = TypeVar("Shape", bound=BaseModel)


def check(shape: type[Shape], given: dict[str, Any]) -> Shape:
    """Raises ValidationFailed; its details name the fields, never what was in them."""
    try:
        return shape.model_validate(given)
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
