"""What Google's endpoints accept: every field they name, in camelCase or snake_case.

Source: Gemini API reference, https://ai.google.dev/api/generate-content,
https://ai.google.dev/api/caching, https://ai.google.dev/api/tokens and
https://ai.google.dev/api/embeddings; ProtoJSON format,
https://protobuf.dev/programming-guides/json.
"""

import re
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType, field

from deploy.simulators.validation import Strict

_OPAQUE = {"args", "response", "parametersJsonSchema", "responseJsonSchema", "partMetadata"}
_NAMED = {"properties", "labels"}
_NUMBERED: dict[str, tuple[str, ...]] = {
    "type": ("", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"),
    "mode": ("MODE_UNSPECIFIED", "AUTO", "ANY", "NONE"),
}
"""The older SDK writes an enum as its number."""
Int = int | str
"""64-bit integers may be strings (protobuf's JSON mapping)."""


class Camel(Strict, rename="camel"):
    """Names are camelCase on the wire."""


class Schema(Camel, kw_only=True):
    """The vendor's subset of OpenAPI's schema; other JSON Schema keywords are rejected."""

    type: str | None = None
    format: str | None = None
    title: str | None = None
    description: str | None = None
    nullable: bool | None = None
    enum: list[str] | None = None
    items: "Schema | None" = None
    max_items: Int | None = None
    min_items: Int | None = None
    properties: "dict[str, Schema] | None" = None
    required: list[str] | None = None
    min_properties: Int | None = None
    max_properties: Int | None = None
    min_length: Int | None = None
    max_length: Int | None = None
    pattern: str | None = None
    example: Any = None
    any_of: "list[Schema] | None" = None
    property_ordering: list[str] | None = None
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None


class Blob(Camel):
    mime_type: str
    data: str
    display_name: str | None = None


class FileData(Camel):
    file_uri: str
    mime_type: str | None = None
    display_name: str | None = None


class FunctionCall(Camel):
    name: str
    args: dict[str, Any] | None = None
    id: str | None = None


class FunctionResponse(Camel):
    name: str
    response: dict[str, Any]
    id: str | None = None
    parts: list[dict[str, Any]] | None = None
    will_continue: bool | None = None
    scheduling: str | None = None


class Part(Camel):
    """One of text, data, a call or its response."""

    text: str | UnsetType = UNSET
    inline_data: Blob | None = None
    file_data: FileData | None = None
    function_call: FunctionCall | None = None
    function_response: FunctionResponse | None = None
    executable_code: dict[str, Any] | None = None
    code_execution_result: dict[str, Any] | None = None
    thought: bool | None = None
    thought_signature: str | None = None
    video_metadata: dict[str, Any] | None = None
    media_resolution: Any = None
    part_metadata: dict[str, Any] | None = None


class Content(Camel):
    parts: list[Part] = field(default_factory=list)
    role: str | None = None


class Declaration(Camel):
    name: str
    description: str | None = None
    parameters: Schema | None = None
    parameters_json_schema: Any = None
    response: Any = None
    response_json_schema: Any = None
    behavior: str | None = None


class Tool(Camel):
    function_declarations: list[Declaration] | None = None
    google_search: dict[str, Any] | None = None
    google_search_retrieval: dict[str, Any] | None = None
    google_maps: dict[str, Any] | None = None
    code_execution: dict[str, Any] | None = None
    url_context: dict[str, Any] | None = None
    computer_use: dict[str, Any] | None = None
    file_search: dict[str, Any] | None = None


class CallingConfig(Camel):
    mode: Literal["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"] | None = None
    allowed_function_names: list[str] | None = None


class ToolConfig(Camel):
    function_calling_config: CallingConfig | None = None
    retrieval_config: dict[str, Any] | None = None
    include_server_side_tool_invocations: bool | None = None


class ThinkingConfig(Camel):
    include_thoughts: bool | None = None
    thinking_budget: Annotated[int, Meta(ge=-1, le=32_768)] | None = None
    thinking_level: str | None = None


class GenerationConfig(Camel):
    stop_sequences: Annotated[list[str], Meta(max_length=5)] | None = None
    response_mime_type: str | None = None
    response_schema: Schema | None = None
    response_json_schema: Any = None
    response_modalities: list[str] | None = None
    candidate_count: Annotated[int, Meta(ge=1, le=8)] | None = None
    max_output_tokens: Annotated[int, Meta(ge=1)] | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    top_k: Annotated[float, Meta(ge=1)] | None = None
    seed: int | None = None
    presence_penalty: Annotated[float, Meta(ge=-2, lt=2)] | None = None
    frequency_penalty: Annotated[float, Meta(ge=-2, lt=2)] | None = None
    response_logprobs: bool | None = None
    logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    enable_enhanced_civic_answers: bool | None = None
    speech_config: dict[str, Any] | None = None
    thinking_config: ThinkingConfig | None = None
    image_config: dict[str, Any] | None = None
    media_resolution: str | None = None


class SafetySetting(Camel):
    category: str
    threshold: str


class GenerateRequest(Camel):
    """The body of `generateContent` and `streamGenerateContent`."""

    contents: list[Content] = field(default_factory=list)
    model: str | None = None
    tools: list[Tool] | None = None
    tool_config: ToolConfig | None = None
    safety_settings: list[SafetySetting] | None = None
    system_instruction: Content | None = None
    generation_config: GenerationConfig = field(default_factory=GenerationConfig)
    cached_content: str | None = None
    labels: dict[str, str] | None = None
    service_tier: str | None = None
    store: bool | None = None


class CountRequest(Camel):
    """The body of `countTokens`: contents alone, or a whole request."""

    contents: list[Content] = field(default_factory=list)
    generate_content_request: GenerateRequest | None = None


class EmbedRequest(Camel):
    """The body of `embedContent`."""

    content: Content
    model: str | None = None
    task_type: str | None = None
    title: str | None = None
    output_dimensionality: Annotated[int, Meta(ge=1, le=3072)] | None = None


class BatchRequest(Camel):
    """The body of `batchEmbedContents`."""

    requests: Annotated[list[EmbedRequest], Meta(min_length=1)]


def camel(value: Any) -> Any:
    """The body with all field names in camelCase; the caller's own keys are not changed."""
    if isinstance(value, list):
        return [camel(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, inner in value.items():
        key = camel_name(name)
        if key in _OPAQUE:
            found[key] = inner
        elif key in _NAMED and isinstance(inner, dict):
            found[key] = {own: camel(each) for own, each in inner.items()}
        elif key in _NUMBERED and isinstance(inner, int) and inner < len(_NUMBERED[key]):
            found[key] = _NUMBERED[key][inner]
        else:
            found[key] = camel(inner)
    return found


def camel_name(name: str) -> str:
    return re.sub(r"(?<=[a-z])_([a-z])", lambda match: match[1].upper(), name)


def snake(name: str) -> str:
    """A name as the vendor's messages write it."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda match: f"_{match[1].lower()}", name)
