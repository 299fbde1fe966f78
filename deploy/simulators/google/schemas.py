"""Converts the vendor's schemas (upper-case types, quoted numbers) to JSON Schema.

Source: Gemini API reference, https://ai.google.dev/api/caching, "Schema", "Type".
"""

from typing import Any

_COUNTS = ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties")


def json_schema(schema: dict[str, Any] | None) -> dict[str, Any]:
    """The equivalent JSON Schema. The input is in camelCase and has been checked.

    Null is a field that was left out (https://protobuf.dev/programming-guides/json).
    """
    if not schema:
        return {}
    found = {name: value for name, value in schema.items() if value is not None}
    kind = str(found.get("type") or "").lower()
    if kind:
        found["type"] = [kind, "null"] if found.pop("nullable", False) else kind
    for name in _COUNTS:
        if name in found:
            found[name] = int(found[name])
    if "items" in found:
        found["items"] = json_schema(found["items"])
    if "properties" in found:
        found["properties"] = {own: json_schema(each) for own, each in found["properties"].items()}
    if "anyOf" in found:
        found["anyOf"] = [json_schema(each) for each in found["anyOf"]]
    return found


def standard(schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema; one with types in capitals, as Gemini CLI sends it, is read like the others.

    Source: https://github.com/google-gemini/gemini-cli, routing/strategies/
    numericalClassifierStrategy.ts.
    """
    kind = schema.get("type")
    return json_schema(schema) if isinstance(kind, str) and kind.isupper() else dict(schema)
