"""What `/v1/responses` accepts: every field and every kind of item the vendor names.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses/create.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from deploy.simulators.openai.requests import Effort, Name, Share, Temperature
from deploy.simulators.validation import Strict

Status = Literal["in_progress", "completed", "incomplete"]


class InputText(Strict, tag_field="type", tag="input_text"):
    text: str
    prompt_cache_breakpoint: dict[str, Any] | None = None


class InputImage(Strict, tag_field="type", tag="input_image"):
    detail: Literal["auto", "low", "high", "original"] | None = None
    file_id: str | None = None
    image_url: str | None = None
    prompt_cache_breakpoint: dict[str, Any] | None = None


class InputFile(Strict, tag_field="type", tag="input_file"):
    detail: Literal["auto", "low", "high"] | None = None
    file_data: str | None = None
    file_id: str | None = None
    file_url: str | None = None
    filename: str | None = None
    prompt_cache_breakpoint: dict[str, Any] | None = None


class OutputText(Strict, tag_field="type", tag="output_text"):
    text: str
    annotations: list[Any] | None = None
    logprobs: list[Any] | None = None


class OutputRefusal(Strict, tag_field="type", tag="refusal"):
    refusal: str


class MessageItem(Strict, tag_field="type", tag="message"):
    role: Literal["user", "assistant", "system", "developer"]
    content: str | list[InputText | InputImage | InputFile | OutputText | OutputRefusal]
    id: str | None = None
    status: Status | None = None
    phase: Literal["commentary", "final_answer"] | None = None


class CallItem(Strict, tag_field="type", tag="function_call"):
    call_id: str
    name: str
    arguments: str
    id: str | None = None
    status: Status | None = None
    namespace: str | None = None
    caller: dict[str, Any] | None = None


class OutputItem(Strict, tag_field="type", tag="function_call_output"):
    call_id: str
    output: str | list[InputText | InputImage | InputFile]
    id: str | None = None
    status: Status | None = None


class CustomCallItem(Strict, tag_field="type", tag="custom_tool_call"):
    call_id: str
    name: str
    input: str
    id: str | None = None
    status: Status | None = None


class CustomOutputItem(Strict, tag_field="type", tag="custom_tool_call_output"):
    call_id: str
    output: str | list[InputText | InputImage | InputFile]
    id: str | None = None


class ReasoningItem(Strict, tag_field="type", tag="reasoning"):
    id: str
    summary: list[dict[str, Any]]
    content: list[dict[str, Any]] | None = None
    encrypted_content: str | None = None
    status: Status | None = None


class ReferenceItem(Strict, tag_field="type", tag="item_reference"):
    id: str


class FunctionTool(Strict, tag_field="type", tag="function"):
    name: Name
    parameters: dict[str, Any] | None = None
    strict: bool | None = None
    description: str | None = None


class CustomTool(Strict, tag_field="type", tag="custom"):
    name: str
    description: str | None = None
    format: dict[str, Any] | None = None


class Namespace(Strict, tag_field="type", tag="namespace"):
    name: Name
    tools: list[FunctionTool | CustomTool]
    description: str | None = None


class WebSearch(Struct, tag_field="type", tag="web_search"):
    """A hosted tool: only its name is read. So are the next ones."""

    name: str = ""


class WebSearchPreview(Struct, tag_field="type", tag="web_search_preview"):
    name: str = ""


class FileSearch(Struct, tag_field="type", tag="file_search"):
    name: str = ""


class CodeInterpreter(Struct, tag_field="type", tag="code_interpreter"):
    name: str = ""


class ImageGeneration(Struct, tag_field="type", tag="image_generation"):
    name: str = ""


Tool = (
    FunctionTool
    | CustomTool
    | Namespace
    | WebSearch
    | WebSearchPreview
    | FileSearch
    | CodeInterpreter
    | ImageGeneration
)


class AdditionalTools(Strict, tag_field="type", tag="additional_tools"):
    """Tools that are available from this item on."""

    role: Literal["developer"]
    tools: list[Tool]
    id: str | None = None


Item = (
    MessageItem
    | CallItem
    | OutputItem
    | CustomCallItem
    | CustomOutputItem
    | ReasoningItem
    | ReferenceItem
    | AdditionalTools
)


class NamedFunction(Strict, tag_field="type", tag="function"):
    name: str


class NamedCustom(Strict, tag_field="type", tag="custom"):
    name: str


class Allowed(Strict, tag_field="type", tag="allowed_tools"):
    mode: Literal["auto", "required"]
    tools: list[dict[str, Any]]


class FormatText(Strict, tag_field="type", tag="text"):
    pass


class FormatObject(Strict, tag_field="type", tag="json_object"):
    pass


class FormatSchema(Strict, tag_field="type", tag="json_schema"):
    name: Name
    schema: dict[str, Any]
    description: str | None = None
    strict: bool | None = None


class TextConfig(Strict):
    format: FormatText | FormatObject | FormatSchema | None = None
    verbosity: Literal["low", "medium", "high"] | None = None


class Reasoning(Strict):
    context: Literal["auto", "current_turn", "all_turns"] | None = None
    mode: Literal["standard", "pro"] | None = None
    effort: Effort | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None
    generate_summary: Literal["auto", "concise", "detailed"] | None = None


class StreamOptions(Strict):
    include_obfuscation: bool | None = None


class ResponseRequest(Strict):
    """The body of `/v1/responses`, an input without items already wrapped into one."""

    model: str
    input: list[Item]
    client_metadata: dict[str, str] | None = None
    background: bool | None = None
    conversation: str | dict[str, Any] | None = None
    include: list[str] | None = None
    instructions: str | None = None
    max_output_tokens: Annotated[int, Meta(ge=16)] | None = None
    max_tool_calls: int | None = None
    metadata: dict[str, str] | None = None
    parallel_tool_calls: bool | None = None
    previous_response_id: str | None = None
    prompt: dict[str, Any] | None = None
    prompt_cache_key: str | None = None
    prompt_cache_options: dict[str, Any] | None = None
    prompt_cache_retention: Literal["in_memory", "24h"] | None = None
    reasoning: Reasoning | None = None
    safety_identifier: str | None = None
    service_tier: (
        Literal["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"] | None
    ) = None
    store: bool | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    temperature: Temperature | None = None
    text: TextConfig | None = None
    tool_choice: (
        Literal["none", "auto", "required"] | NamedFunction | NamedCustom | Allowed | None
    ) = None
    tools: list[Tool] | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    top_p: Share | None = None
    truncation: Literal["auto", "disabled"] | None = None
    user: str | None = None
