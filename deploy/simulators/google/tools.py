"""The functions of a request: named rightly, declared once, and which of them may be called.

Source: Gemini API reference, https://ai.google.dev/api/caching, "FunctionDeclaration",
"FunctionCallingConfig". Source of the words: errors as users quote them, such as
https://github.com/google-gemini/gemini-cli/issues/9535.
"""

import re
from typing import Any

from deploy.simulators.answers import Offer
from deploy.simulators.google.errors import invalid, wrong_field
from deploy.simulators.google.requests import Declaration, GenerateRequest
from deploy.simulators.google.schemas import json_schema

_NAME = re.compile(r"[a-zA-Z_][\w.:-]{0,63}")
_NAMING = (
    "Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, "
    "A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64."
)


def check_tools(parsed: GenerateRequest, body: dict[str, Any]) -> tuple[Offer, ...]:
    """The functions that may be called. Raises `Refusal` as the vendor does."""
    offers: dict[str, Offer] = {}
    for number, tool in enumerate(parsed.tools or ()):
        for place, declared in enumerate(tool.function_declarations or ()):
            where = f"tools[{number}].function_declarations[{place}]"
            _check(declared, where)
            if declared.name in offers:
                raise invalid(f"Duplicate function declaration found: {declared.name}")
            value = body["tools"][number]["functionDeclarations"][place]
            offers[declared.name] = Offer(declared.name, _schema(value))
    config = parsed.tool_config.function_calling_config if parsed.tool_config else None
    if config is None:
        return tuple(offers.values())
    allowed = config.allowed_function_names
    if allowed and config.mode not in ("ANY", "VALIDATED"):
        raise invalid(
            "Allowed function names should only be set when the mode is ANY or VALIDATED."
        )
    unheard = [name for name in allowed or () if name not in offers]
    if unheard:
        raise wrong_field(
            "tool_config.function_calling_config.allowed_function_names",
            f"[FIELD_INVALID] no function declaration named {unheard[0]}",
        )
    if config.mode == "ANY" and not offers:
        raise invalid("Function calling config is set without function_declarations.")
    if config.mode == "NONE":
        return ()
    return tuple(each for name, each in offers.items() if not allowed or name in allowed)


def _check(declared: Declaration, where: str) -> None:
    if not _NAME.fullmatch(declared.name):
        raise wrong_field(f"{where}.name", f"[FIELD_INVALID] {_NAMING}")
    if declared.parameters is not None and declared.parameters_json_schema is not None:
        raise wrong_field(where, "only one of parameters and parameters_json_schema may be set")
    kind = declared.parameters.type if declared.parameters else None
    if declared.parameters is not None and str(kind).upper() != "OBJECT":
        raise wrong_field(f"{where}.parameters", "[FIELD_INVALID] schema should be of type OBJECT")


def _schema(value: dict[str, Any]) -> dict[str, Any]:
    return value.get("parametersJsonSchema") or json_schema(value.get("parameters"))
