"""What chat completions accept: every field the vendor names, and no other.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/chat/create.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta

from deploy.simulators.validation import Strict

Name = Annotated[str, Meta(pattern="^[a-zA-Z0-9_-]+$", max_length=64)]
Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh"]
Penalty = Annotated[float, Meta(ge=-2, le=2)]
Temperature = Annotated[float, Meta(ge=0, le=2)]
Share = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[int, Meta(ge=1)]


class Text(Strict, tag_field="type", tag="text"):
    text: str
    prompt_cache_breakpoint: dict[str, Any] | None = None


class Refused(Strict, tag_field="type", tag="refusal"):
    refusal: str


class ImageUrl(Strict):
    url: str
    detail: Literal["auto", "low", "high", "original"] | None = None


class Image(Strict, tag_field="type", tag="image_url"):
    image_url: ImageUrl
    prompt_cache_breakpoint: dict[str, Any] | None = None


class InputAudio(Strict):
    data: str
    format: Literal["wav", "mp3"]


class Audio(Strict, tag_field="type", tag="input_audio"):
    input_audio: InputAudio
    prompt_cache_breakpoint: dict[str, Any] | None = None


class FileOf(Strict):
    file_data: str | None = None
    file_id: str | None = None
    filename: str | None = None


class File(Strict, tag_field="type", tag="file"):
    file: FileOf
    prompt_cache_breakpoint: dict[str, Any] | None = None


class Function(Strict):
    name: Name
    arguments: str


class FunctionCall(Strict, tag_field="type", tag="function"):
    id: str
    function: Function


class Custom(Strict):
    name: str
    input: str


class CustomCall(Strict, tag_field="type", tag="custom"):
    id: str
    custom: Custom


class System(Strict, tag_field="role", tag="system"):
    content: str | list[Text]
    name: str | None = None


class Developer(Strict, tag_field="role", tag="developer"):
    content: str | list[Text]
    name: str | None = None


class User(Strict, tag_field="role", tag="user"):
    content: str | Annotated[list[Text | Image | Audio | File], Meta(min_length=1)]
    name: str | None = None


class Assistant(Strict, tag_field="role", tag="assistant"):
    content: str | list[Text | Refused] | None = None
    refusal: str | None = None
    name: str | None = None
    audio: dict[str, Any] | None = None
    function_call: Function | None = None
    tool_calls: Annotated[list[FunctionCall | CustomCall], Meta(min_length=1)] | None = None
    annotations: list[Any] | None = None


class Tool(Strict, tag_field="role", tag="tool"):
    """`name` is not in the reference, but in OpenAI's own examples: openai/openai-cookbook,
    examples/How_to_call_functions_with_chat_models.ipynb.
    """

    content: str | list[Text]
    tool_call_id: str
    name: str | None = None


class FunctionResult(Strict, tag_field="role", tag="function"):
    content: str | None
    name: str


Message = System | Developer | User | Assistant | Tool | FunctionResult


class Declaration(Strict):
    name: Name
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class FunctionTool(Strict, tag_field="type", tag="function"):
    function: Declaration


class CustomDeclaration(Strict):
    name: str
    description: str | None = None
    format: dict[str, Any] | None = None


class CustomTool(Strict, tag_field="type", tag="custom"):
    custom: CustomDeclaration


class Named(Strict):
    name: str


class NamedFunction(Strict, tag_field="type", tag="function"):
    function: Named


class NamedCustom(Strict, tag_field="type", tag="custom"):
    custom: Named


class AllowedOf(Strict):
    mode: Literal["auto", "required"]
    tools: list[dict[str, Any]]


class Allowed(Strict, tag_field="type", tag="allowed_tools"):
    allowed_tools: AllowedOf


class FormatText(Strict, tag_field="type", tag="text"):
    pass


class FormatObject(Strict, tag_field="type", tag="json_object"):
    pass


class JsonSchema(Strict):
    name: Name
    description: str | None = None
    schema: dict[str, Any] | None = None
    strict: bool | None = None


class FormatSchema(Strict, tag_field="type", tag="json_schema"):
    json_schema: JsonSchema


class StreamOptions(Strict):
    include_usage: bool | None = None
    include_obfuscation: bool | None = None


class ChatRequest(Strict):
    """The body of `/v1/chat/completions`."""

    messages: Annotated[list[Message], Meta(min_length=1)]
    model: str
    audio: dict[str, Any] | None = None
    frequency_penalty: Penalty | None = None
    function_call: Literal["none", "auto"] | Named | None = None
    functions: list[Declaration] | None = None
    logit_bias: dict[str, Annotated[float, Meta(ge=-100, le=100)]] | None = None
    logprobs: bool | None = None
    max_completion_tokens: Positive | None = None
    max_tokens: Positive | None = None
    metadata: dict[str, str] | None = None
    modalities: list[Literal["text", "audio"]] | None = None
    moderation: dict[str, Any] | None = None
    n: Annotated[int, Meta(ge=1, le=128)] | None = None
    parallel_tool_calls: bool | None = None
    prediction: dict[str, Any] | None = None
    presence_penalty: Penalty | None = None
    prompt_cache_key: str | None = None
    prompt_cache_options: dict[str, Any] | None = None
    prompt_cache_retention: Literal["in_memory", "24h"] | None = None
    reasoning_effort: Effort | None = None
    response_format: FormatText | FormatObject | FormatSchema | None = None
    safety_identifier: str | None = None
    seed: int | None = None
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast"] | None = None
    stop: str | Annotated[list[str], Meta(max_length=4)] | None = None
    store: bool | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    temperature: Temperature | None = None
    tool_choice: (
        Literal["none", "auto", "required"] | NamedFunction | NamedCustom | Allowed | None
    ) = None
    tools: Annotated[list[FunctionTool | CustomTool], Meta(min_length=1, max_length=128)] | None = (
        None
    )
    top_logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    top_p: Share | None = None
    user: str | None = None
    verbosity: Literal["low", "medium", "high"] | None = None
    web_search_options: dict[str, Any] | None = None
