"""Makes a JSON value that fits a JSON Schema: tool arguments and structured answers.

Covers what the vendors' structured outputs allow: objects, arrays, enums, unions, references,
bounds and the common formats. Source: OpenAI API guide,
https://platform.openai.com/docs/guides/structured-outputs.
"""

from typing import Any

_FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "email": "someone@example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "https://example.com/",
    "ipv4": "192.0.2.1",
    "hostname": "example.com",
}

DEPTH_MAX = 12
"""A schema may be recursive: beyond this depth optional properties are left out."""


def fit(schema: dict[str, Any], root: dict[str, Any] | None = None, depth: int = 0) -> Any:
    """A value that the schema accepts. An empty schema accepts anything, here an empty object."""
    root = schema if root is None else root
    if "$ref" in schema:
        return fit(_resolved(schema["$ref"], root), root, depth + 1)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return fit(_simplest(schema[union], depth), root, depth + 1)
    if "allOf" in schema:
        merged: dict[str, Any] = {}
        for part in schema["allOf"]:
            merged |= _resolved(part["$ref"], root) if "$ref" in part else part
        return fit(merged, root, depth + 1)
    return _of_type(schema, root, depth)


def _of_type(schema: dict[str, Any], root: dict[str, Any], depth: int) -> Any:
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = "null" if depth > DEPTH_MAX and "null" in kind else kind[0]
    if kind == "object":
        return _object(schema, root, depth)
    if kind == "array":
        count = schema.get("minItems", 0 if depth > DEPTH_MAX else 1)
        return [fit(schema.get("items", {}), root, depth + 1) for _ in range(count)]
    if kind in ("integer", "number"):
        return _number(schema)
    return {"string": _string(schema), "boolean": True, "null": None}[kind]


def _object(schema: dict[str, Any], root: dict[str, Any], depth: int) -> dict[str, Any]:
    required = schema.get("required", [])
    return {
        name: fit(part, root, depth + 1)
        for name, part in schema.get("properties", {}).items()
        if name in required or depth <= DEPTH_MAX // 4
    }


def _number(schema: dict[str, Any]) -> Any:
    low = schema.get("minimum", schema.get("exclusiveMinimum", 0) + ("exclusiveMinimum" in schema))
    high = schema.get("maximum", max(low, 1))
    step = schema.get("multipleOf", 1)
    value = max(low, min(1, high))
    return -(-value // step) * step


def _string(schema: dict[str, Any]) -> str:
    text = _FORMATS.get(schema.get("format", ""), "simulated")
    short: str = text.ljust(schema.get("minLength", 0), "x")
    return short[: schema.get("maxLength", len(short))]


def _resolved(reference: str, root: dict[str, Any]) -> dict[str, Any]:
    found: Any = root
    for name in reference.removeprefix("#").strip("/").split("/"):
        found = found[name.replace("~1", "/").replace("~0", "~")] if name else found
    return dict(found)


def _simplest(options: list[dict[str, Any]], depth: int) -> dict[str, Any]:
    """At the maximum depth, the branch that ends the recursion: null if there is one."""
    ends = [option for option in options if option.get("type") == "null"]
    return ends[0] if ends and depth > DEPTH_MAX else options[0]
