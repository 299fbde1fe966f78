"""What the strategies of all surfaces share: schemas, and some of many fields."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "maxLength": 40},
        "days": {"type": "integer", "minimum": 0},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
    },
    "required": ["city", "days", "tags"],
    "additionalProperties": False,
}
TOOL_SCHEMAS: dict[str, dict[str, Any]] = {
    "look": {"type": "object", "properties": {}},
    "get_weather": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "n": {"type": "number", "minimum": 0}},
    },
}


def some(fields: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """A few of the fields."""
    few = st.lists(st.sampled_from(sorted(fields)), max_size=4, unique=True)
    return few.flatmap(lambda names: st.fixed_dictionaries({n: fields[n] for n in names}))
