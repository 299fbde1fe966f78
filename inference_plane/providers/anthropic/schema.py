"""JSON Schemas as Anthropic's structured outputs require them.

Every object is closed: one that does not mention other properties may be, since whatever fits the
closed schema also fits the caller's. Bounds that Anthropic does not take become part of the
description, as in its own SDKs (`anthropic/lib/_parse/_transform.py`), where a model may heed them.
Source: Anthropic API guide,
https://docs.anthropic.com/en/docs/build-with-claude/structured-outputs.
"""

from typing import Any

from inference_plane.core.prompt import Inexpressible

Schema = dict[str, Any]
_NAMED = ("properties", "$defs", "definitions")
_LISTS = ("anyOf", "allOf", "oneOf", "prefixItems")
_BOUNDS = frozenset(
    {
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
    }
)
_FORMATS = frozenset(
    {
        "date-time",
        "time",
        "date",
        "duration",
        "email",
        "hostname",
        "uri",
        "ipv4",
        "ipv6",
        "uuid",
    }
)


def is_supported(schema: Schema) -> bool:
    try:
        supported(schema)
    except Inexpressible:
        return False
    return True


def supported(schema: Schema) -> Schema:
    """The schema without what Anthropic does not take, and with every object closed.

    Raises Inexpressible for an object that must stay open.
    """
    bounds = {name: each for name, each in schema.items() if _is_bound(name, each)}
    written = {name: _value(name, each) for name, each in schema.items() if name not in bounds}
    if schema.get("type") == "object" or "properties" in schema:
        if schema.get("additionalProperties", False) is not False:
            raise Inexpressible("format", "an object with `additionalProperties`")
        written["additionalProperties"] = False
    return _described(written, bounds)


def _is_bound(name: str, value: Any) -> bool:
    if name == "minItems":
        return value not in (0, 1)
    return name in _BOUNDS or (name == "format" and value not in _FORMATS)


def _described(schema: Schema, bounds: Schema) -> Schema:
    if not bounds:
        return schema
    listed = "{" + ", ".join(f"{name}: {each}" for name, each in bounds.items()) + "}"
    own = schema.get("description")
    return schema | {"description": f"{own}\n\n{listed}" if own else listed}


def _value(name: str, value: Any) -> Any:
    if name in _NAMED and isinstance(value, dict):
        return {key: _supported(each) for key, each in value.items()}
    if name in _LISTS and isinstance(value, list):
        return [_supported(each) for each in value]
    return _supported(value) if name == "items" else value


def _supported(value: Any) -> Any:
    return supported(value) if isinstance(value, dict) else value
