"""Converts Google's field names to camelCase: Google accepts them in snake_case, too.

The caller's own names (in arguments, results, schemas) are kept. Source: ProtoJSON format,
https://protobuf.dev/programming-guides/json: "parsers accept both the lowerCamelCase name … and the
original proto field name".
"""

import re
from typing import Any

from shared.errors import InvalidRequest

CALLERS_OWN = frozenset(
    {
        "args",
        "response",
        "parameters",
        "parametersJsonSchema",
        "responseSchema",
        "responseJsonSchema",
        "properties",
    }
)
_UNDERSCORE = re.compile(r"_([a-z0-9])")


def camel_case(name: str) -> str:
    return _UNDERSCORE.sub(lambda found: found[1].upper(), name)


def to_camel_case(value: Any) -> Any:
    """`value` with Google's own names in camelCase throughout.

    Raises InvalidRequest for a field in both spellings: nobody could say which one counts.
    """
    if isinstance(value, list):
        return [to_camel_case(each) for each in value]
    if not isinstance(value, dict):
        return value
    renamed = {camel_case(name): each for name, each in value.items()}
    if len(renamed) != len(value):
        raise InvalidRequest(f"`{_repeated(value)}` is given twice, in two spellings.")
    return {
        name: each if name in CALLERS_OWN else to_camel_case(each) for name, each in renamed.items()
    }


def _repeated(value: dict[str, Any]) -> str:
    names = [camel_case(name) for name in value]
    return next(name for name in names if names.count(name) > 1)
