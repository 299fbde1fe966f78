"""What `/v1/messages` accepts: every field and every kind of block the vendor names.

Source: Anthropic API reference, https://docs.anthropic.com/en/api/messages and
https://docs.anthropic.com/en/api/messages-count-tokens.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta

from deploy.simulators.validation import Strict

ToolId = Annotated[str, Meta(pattern="^[a-zA-Z0-9_-]+$")]
ToolName = Annotated[str, Meta(pattern="^[a-zA-Z0-9_-]{1,128}$")]
ServerToolName = Literal[
    "web_search",
    "web_fetch",
    "code_execution",
    "bash_code_execution",
    "text_editor_code_execution",
    "tool_search_tool_regex",
    "tool_search_tool_bm25",
]
Share = Annotated[float, Meta(ge=0, le=1)]


class CacheControl(Strict):
    type: Literal["ephemeral"]
    ttl: Literal["5m", "1h"] = "5m"


class Base64(Strict, tag_field="type", tag="base64"):
    media_type: Literal["image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"]
    data: str


class Url(Strict, tag_field="type", tag="url"):
    url: str


class FileId(Strict, tag_field="type", tag="file"):
    file_id: str


class PlainText(Strict, tag_field="type", tag="text"):
    media_type: Literal["text/plain"]
    data: str


class Inner(Strict, tag_field="type", tag="content"):
    content: str | list[dict[str, Any]]


class Block(Strict, tag_field="type"):
    """Marks the prompt up to this block for caching."""

    cache_control: CacheControl | None = None


class Text(Block, tag="text", kw_only=True):
    text: str
    citations: list[dict[str, Any]] | None = None


class Image(Block, tag="image", kw_only=True):
    source: Base64 | Url | FileId


class Document(Block, tag="document", kw_only=True):
    source: Base64 | Url | FileId | PlainText | Inner
    citations: dict[str, Any] | None = None
    context: str | None = None
    title: str | None = None


class SearchResult(Block, tag="search_result", kw_only=True):
    content: list[Text]
    source: str
    title: str
    citations: dict[str, Any] | None = None


class ToolUse(Block, tag="tool_use", kw_only=True):
    id: ToolId
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    input: dict[str, Any]
    caller: dict[str, Any] | None = None


class ToolResult(Block, tag="tool_result", kw_only=True):
    tool_use_id: ToolId
    content: str | list[Text | Image | Document | SearchResult] | None = None
    is_error: bool | None = None


class Thinking(Strict, tag_field="type", tag="thinking"):
    thinking: str
    signature: str


class RedactedThinking(Strict, tag_field="type", tag="redacted_thinking"):
    data: str


class ServerToolUse(Block, tag="server_tool_use", kw_only=True):
    """A call of one of Anthropic's own tools, as its answer had it."""

    id: ToolId
    name: ServerToolName
    input: dict[str, Any]
    caller: dict[str, Any] | None = None


class ServerToolResult(Block, kw_only=True):
    """What one of Anthropic's own tools found; its content comes back as it was."""

    tool_use_id: ToolId
    content: dict[str, Any] | list[dict[str, Any]]
    caller: dict[str, Any] | None = None


class WebSearchResult(ServerToolResult, tag="web_search_tool_result"):
    pass


class WebFetchResult(ServerToolResult, tag="web_fetch_tool_result"):
    pass


class CodeExecutionResult(ServerToolResult, tag="code_execution_tool_result"):
    pass


class BashResult(ServerToolResult, tag="bash_code_execution_tool_result"):
    pass


class TextEditorResult(ServerToolResult, tag="text_editor_code_execution_tool_result"):
    pass


class ToolSearchResult(ServerToolResult, tag="tool_search_tool_result"):
    pass


ServerResults = (
    WebSearchResult
    | WebFetchResult
    | CodeExecutionResult
    | BashResult
    | TextEditorResult
    | ToolSearchResult
)
Content = (
    Text
    | Image
    | Document
    | SearchResult
    | ToolUse
    | ToolResult
    | Thinking
    | RedactedThinking
    | ServerToolUse
    | ServerResults
)


class Message(Strict):
    """`system`: an instruction in the middle, which only newer models take."""

    role: Literal["user", "assistant", "system"]
    content: str | list[Content]


class InputSchema(Strict, forbid_unknown_fields=False):
    """JSON Schema of an object; only its type is checked."""

    type: Literal["object"]


class CustomTool(Block, tag="custom", kw_only=True):
    name: ToolName
    input_schema: InputSchema
    description: str | None = None
    strict: bool | None = None
    allowed_callers: list[str] | None = None
    defer_loading: bool | None = None
    eager_input_streaming: bool | None = None
    input_examples: list[dict[str, Any]] | None = None


class AutoChoice(Strict, tag_field="type", tag="auto"):
    disable_parallel_tool_use: bool | None = None


class AnyChoice(Strict, tag_field="type", tag="any"):
    disable_parallel_tool_use: bool | None = None


class ToolChoice(Strict, tag_field="type", tag="tool"):
    name: str
    disable_parallel_tool_use: bool | None = None


class NoChoice(Strict, tag_field="type", tag="none"):
    pass


class ThinkingEnabled(Strict, tag_field="type", tag="enabled"):
    budget_tokens: Annotated[int, Meta(ge=1024)]
    display: Literal["summarized", "omitted"] | None = None


class ThinkingAdaptive(Strict, tag_field="type", tag="adaptive"):
    display: Literal["summarized", "omitted"] | None = None


class ThinkingDisabled(Strict, tag_field="type", tag="disabled"):
    pass


class JsonFormat(Strict, tag_field="type", tag="json_schema"):
    schema: dict[str, Any]


class OutputConfig(Strict):
    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    format: JsonFormat | None = None


class Metadata(Strict):
    user_id: str | None = None


class ContextEdit(Strict, forbid_unknown_fields=False):
    """Only the kind is checked; each has settings of its own."""

    type: Literal["clear_tool_uses_20250919", "clear_thinking_20251015", "compact_20260112"]


class ContextManagement(Strict):
    edits: list[ContextEdit] | None = None


class CountRequest(Strict):
    """The body of `/v1/messages/count_tokens`. Tools are read one by one, by their type."""

    model: str
    messages: Annotated[list[Message], Meta(min_length=1)]
    cache_control: CacheControl | None = None
    context_management: ContextManagement | None = None
    output_config: OutputConfig | None = None
    output_format: JsonFormat | None = None
    speed: Literal["standard", "fast"] | None = None
    system: str | list[Text] | None = None
    thinking: ThinkingEnabled | ThinkingAdaptive | ThinkingDisabled | None = None
    tool_choice: AutoChoice | AnyChoice | ToolChoice | NoChoice | None = None
    tools: list[dict[str, Any]] | None = None

    @property
    def format(self) -> JsonFormat | None:
        """The JSON Schema of the answer, under the field's name of today or of its beta."""
        return self.output_format or (self.output_config.format if self.output_config else None)


class MessageRequest(CountRequest, kw_only=True):
    """The body of `/v1/messages`."""

    max_tokens: Annotated[int, Meta(ge=1)]
    container: str | dict[str, Any] | None = None
    inference_geo: str | None = None
    metadata: Metadata | None = None
    service_tier: Literal["auto", "standard_only"] | None = None
    stop_sequences: list[str] | None = None
    stream: bool | None = None
    temperature: Share | None = None
    top_k: Annotated[int, Meta(ge=0)] | None = None
    top_p: Share | None = None
