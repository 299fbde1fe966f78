"""JSON Schemas as Anthropic's structured outputs require them: every object closed.

A schema that does not mention other properties is closed, too: whatever fits the closed schema also
fits the caller's. Source: Anthropic API guide,
https://docs.anthropic.com/en/docs/build-with-claude/structured-outputs.
"""

from typing import Any

from inference_plane.core.prompt import Inexpressible

_NAMED = ("properties", "$defs", "definitions")
_LISTS = ("anyOf", "allOf", "oneOf", "prefixItems")


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema` with `additionalProperties: false` in every object.

    Raises Inexpressible for an object that must stay open.
    """
    written = {name: _value(name, each) for name, each in schema.items()}
    if schema.get("type") == "object" or "properties" in schema:
        if schema.get("additionalProperties", False) is not False:
            raise Inexpressible("format", "an object with `additionalProperties`")
        written["additionalProperties"] = False
    return written


def _value(name: str, value: Any) -> Any:
    if name in _NAMED and isinstance(value, dict):
        return {key: _closed(each) for key, each in value.items()}
    if name in _LISTS and isinstance(value, list):
        return [_closed(each) for each in value]
    return _closed(value) if name == "items" else value


def _closed(value: Any) -> Any:
    return closed(value) if isinstance(value, dict) else value
