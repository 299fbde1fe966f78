"""The canonical format of requests, independent of any vendor's dialect.

Surfaces read a body into a Prompt; providers write a Prompt as a body of their dialect. It holds
everything that a translation must keep. A surface refuses by name what it has no place for, and a
provider refuses by name what it cannot express. A hint that is left out is told to the caller.
"""

from typing import Any, Literal

from msgspec import Struct


class Inexpressible(Exception):
    """A field of the prompt has no counterpart in a provider's dialect; `why` gives the detail."""

    def __init__(self, field: str, why: str = "") -> None:
        super().__init__(field)
        self.field, self.why = field, why


Cache = dict[str, Any] | None
"""Anthropic's `cache_control`, verbatim: a hint that vendors with automatic caching do not need."""


class Text(Struct, frozen=True):
    text: str
    cache: Cache = None


class Media(Struct, frozen=True):
    """An image, a document or audio: base64 in `data`, or by `url`. `detail` is OpenAI's field."""

    kind: Literal["image", "file", "audio"]
    media_type: str
    data: str = ""
    url: str = ""
    name: str = ""
    detail: str = ""
    cache: Cache = None


class Thinking(Struct, frozen=True):
    """A thought of an earlier answer. Only its `origin` accepts its signature or redacted data."""

    text: str = ""
    signature: str = ""
    redacted: str = ""
    origin: str = ""


class ToolCall(Struct, frozen=True):
    """A tool call of an earlier answer. `arguments` is JSON as the model wrote it."""

    id: str
    name: str
    arguments: str
    signature: str = ""
    origin: str = ""
    cache: Cache = None


class ToolResult(Struct, frozen=True):
    """A tool's result for the call `id`. `name` is the tool's, empty where a dialect gives none.

    Which call is meant, `core/pairing.py` decides.
    """

    id: str
    name: str
    content: tuple["Text | Media", ...]
    failed: bool = False
    cache: Cache = None


class Refusal(Struct, frozen=True):
    text: str


Part = Text | Media | Thinking | ToolCall | ToolResult | Refusal


class Turn(Struct, frozen=True):
    """`system` is an instruction in the middle of a conversation; it is made of texts."""

    role: Literal["user", "assistant", "system"]
    parts: tuple[Part, ...]


class Tool(Struct, frozen=True):
    """`parameters` is JSON Schema."""

    name: str
    description: str = ""
    parameters: dict[str, Any] | None = None
    strict: bool | None = None
    cache: Cache = None


class ToolChoice(Struct, frozen=True):
    """Which tools may be called: `auto`, `none`, `required` (any), or the one in `name`."""

    mode: Literal["auto", "none", "required", "named"] = "auto"
    name: str = ""


class Format(Struct, frozen=True):
    """The answer's format: any JSON object, or one that fits `schema`, a JSON Schema."""

    schema: dict[str, Any] | None = None
    name: str = "answer"
    strict: bool | None = None
    description: str = ""


class Reasoning(Struct, frozen=True):
    """How much to reason: `effort` as a level, `budget` in tokens, or neither (the model decides).

    `off` turns it off; `shown` requests the thoughts in the answer.
    """

    effort: str = ""
    budget: int = 0
    off: bool = False
    shown: bool = True

    @property
    def is_off(self) -> bool:
        return self.off or self.effort == "none"


class Prompt(Struct, frozen=True, kw_only=True):
    """None is a field that the caller left out. `n` is the number of answers.

    `ignored` are the caller's hints for which this format has no place, by the caller's own names.
    """

    system: tuple[Text, ...] = ()
    turns: tuple[Turn, ...] = ()
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    format: Format | None = None
    reasoning: Reasoning | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    n: int = 1
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    user: str = ""
    verbosity: str = ""
    ignored: tuple[str, ...] = ()
