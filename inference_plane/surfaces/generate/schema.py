"""Converts Google's Schema, a subset of OpenAPI's, to JSON Schema.

Types are in capitals, and Google's older SDK writes them as numbers; `nullable` becomes a type.
Source: Gemini API reference, https://ai.google.dev/api/caching, "Schema", "Type".
"""

from typing import Any

from inference_plane.surfaces.generate.casing import camel_case

_TYPES = ("", "string", "number", "integer", "boolean", "array", "object", "null")

_NESTED = frozenset({"items"})
_LISTS = frozenset({"anyOf", "prefixItems"})
_LEFT_OUT = frozenset({"nullable", "propertyOrdering", "format", "example"})


def json_schema(schema: dict[str, Any] | None) -> dict[str, Any] | None:
    """The JSON Schema; None for None. What is no schema stays as it is: the provider refuses it."""
    if not isinstance(schema, dict):
        return schema
    fields = {camel_case(name): each for name, each in schema.items()}
    written = {name: _value(name, each) for name, each in fields.items() if name not in _LEFT_OUT}
    if fields.get("nullable") and isinstance(written.get("type"), str):
        written["type"] = [written["type"], "null"]
    return written


def standard(schema: dict[str, Any] | None) -> dict[str, Any] | None:
    """A JSON Schema as it is; one with Google's types in capitals, which Google accepts there, too,
    as `json_schema` reads it.
    """
    kind = schema.get("type") if isinstance(schema, dict) else None
    return json_schema(schema) if isinstance(kind, str) and kind.isupper() else schema


def _value(name: str, value: Any) -> Any:
    if name == "type" and isinstance(value, str):
        return value.lower()
    if name == "type" and isinstance(value, int) and 0 < value < len(_TYPES):
        return _TYPES[value]
    if name == "properties" and isinstance(value, dict):
        return {key: json_schema(each) for key, each in value.items()}
    if name in _NESTED and isinstance(value, dict):
        return json_schema(value)
    if name in _LISTS and isinstance(value, list):
        return [json_schema(each) for each in value]
    return int(value) if name.startswith(("min", "max")) and str(value).isdigit() else value
