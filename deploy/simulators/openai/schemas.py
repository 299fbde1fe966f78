"""Requirements of strict structured outputs: closed objects, all properties required.

Source: OpenAI API guide, https://platform.openai.com/docs/guides/structured-outputs. Source of the
words: errors as users quote them, such as https://github.com/dottxt-ai/outlines/issues/1666.
"""

from typing import Any

from deploy.simulators.openai.errors import invalid


def check_schema(schema: dict[str, Any], subject: str, param: str, code: str | None = None) -> None:
    """Raises `Refusal`; `subject` is what the schema is for, as the message names it."""
    wrong = _wrong(schema, ())
    if wrong:
        raise invalid(f"Invalid schema for {subject}: {wrong}", param, code)


def _wrong(schema: Any, context: tuple[str, ...]) -> str | None:
    if not isinstance(schema, dict):
        return None
    found = _wrong_object(schema, context) if "properties" in schema else None
    places = [("properties", name, part) for name, part in schema.get("properties", {}).items()]
    places += [("$defs", name, part) for name, part in schema.get("$defs", {}).items()]
    places += [("anyOf", str(i), part) for i, part in enumerate(schema.get("anyOf", ()))]
    inner = [_wrong(part, (*context, kind, name)) for kind, name, part in places]
    inner.append(_wrong(schema.get("items"), (*context, "items")))
    return next((each for each in (found, *inner) if each), None)


def _wrong_object(schema: dict[str, Any], context: tuple[str, ...]) -> str | None:
    where = f"In context={context}, "
    if schema.get("additionalProperties") is not False:
        return f"{where}'additionalProperties' is required to be supplied and to be false."
    lacking = [name for name in schema["properties"] if name not in schema.get("required", ())]
    if lacking:
        return (
            f"{where}'required' is required to be supplied and to be an array including every "
            f"key in properties. Missing '{lacking[0]}'."
        )
    return None
