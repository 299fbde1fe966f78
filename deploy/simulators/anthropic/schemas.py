"""What a schema of structured outputs, or of a strict tool, may not say: open objects, bounds.

Source: Anthropic API guide,
https://docs.anthropic.com/en/docs/build-with-claude/structured-outputs, "JSON Schema limitations".
Source of the words: errors as users quote them, such as
https://github.com/agentjido/req_llm/issues/302.
"""

from typing import Any

from deploy.simulators.anthropic.errors import invalid

_NUMBER = ("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf")
_BOUNDS = {
    "integer": _NUMBER,
    "number": _NUMBER,
    "string": ("maxLength", "minLength"),
    "array": ("maxItems", "uniqueItems"),
    "object": ("maxProperties", "minProperties"),
}
_NAMED = ("properties", "$defs", "definitions")


def check_schema(schema: Any, where: str) -> None:
    """Raises `Refusal` as the vendor does. `where` is the field that holds the schema."""
    if isinstance(schema, list):
        for each in schema:
            check_schema(each, where)
    if not isinstance(schema, dict):
        return
    kinds = schema.get("type")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        _check_kind(schema, str(kind), where)
    for name, inner in schema.items():
        if name in _NAMED and isinstance(inner, dict):
            check_schema(list(inner.values()), where)
        elif name not in ("enum", "const", "default", "examples"):
            check_schema(inner, where)


def _check_kind(schema: dict[str, Any], kind: str, where: str) -> None:
    if kind == "object" and schema.get("additionalProperties") is not False:
        raise invalid(
            f"{where}: For 'object' type, 'additionalProperties' must be explicitly set to false"
        )
    found = [name for name in _BOUNDS.get(kind, ()) if name in schema]
    if kind == "array" and schema.get("minItems", 0) not in (0, 1):
        found.append("minItems")
    if found:
        names = ", ".join(found)
        subject = f"properties {names} are" if len(found) > 1 else f"property '{names}' is"
        raise invalid(f"{where}: For '{kind}' type, {subject} not supported")
