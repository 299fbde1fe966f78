"""Validation of request input with pydantic; reports every invalid field at once."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.errors import ValidationFailed

Model = TypeVar("Model", bound=BaseModel)


def check(model: type[Model], values: dict[str, Any]) -> Model:
    """Parse values. Raises ValidationFailed, whose details name the fields but not their values."""
    try:
        return model.model_validate(values)
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
