"""The `sim:` directive: a line `sim: {json}` in the last user message tells the answer how to be.

The same words work on every protocol; the shape of what comes is the vendor's.

sim: {"frames": 40, "frame_delay_ms": 100}          a slow answer
sim: {"first_delay_ms": 3000}                       a late first byte
sim: {"text": "exactly this"}                       said word for word
sim: {"echo": true}                                 says as JSON what request arrived
sim: {"thinking": 12}                               twelve frames of thinking come first
sim: {"thinking": 1, "redacted": true}              thinking nobody may read (Anthropic)
sim: {"refusal": "I must not."}                     the model declines
sim: {"tool": {"name": "f", "arguments": {"a": 1}}} the tool is called; "tools" calls several
sim: {"calls": 2}                                   the offered tools are called in turn
sim: {"status": 429, "retry_after": 2}              refused before the first byte
sim: {"error": "context_length"}                    or "quota": refused for that reason
sim: {"flaky": 2}                                   the first two times refused, then answered
sim: {"status": 500, "secret": "sk-…"}              the error's text betrays this
sim: {"error_at_frame": 5}                          an error in the stream, in the vendor's shape
sim: {"fail_at_frame": 5}                           the connection is cut there
sim: {"stall_at_frame": 5}                          nothing more comes, the connection stays
sim: {"usage": "missing"}                           or "zero", or {"prompt_tokens": 9, …}
sim: {"cached_tokens": 7}                           so much of the prompt was cached

After tools have answered, the tools of the directive are not called again.
"""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec


class Tool(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    arguments: dict[str, Any] = {}


class Counted(msgspec.Struct, forbid_unknown_fields=True):
    """Token counts by OpenAI's names; `prompt_tokens` includes what is cached or written."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None


class Directive(msgspec.Struct, forbid_unknown_fields=True):
    """Frames count from 1; delays are milliseconds, `retry_after` is seconds."""

    frames: int | None = None
    frame_delay_ms: int = 0
    first_delay_ms: int = 0
    text: str | None = None
    echo: bool = False
    thinking: int = 0
    redacted: bool = False
    refusal: str | None = None
    tool: Tool | None = None
    tools: list[Tool] = []
    calls: int = 0
    status: int | None = None
    error: Literal["context_length", "quota"] | None = None
    retry_after: int = 1
    flaky: int = 0
    secret: str = ""
    error_at_frame: int | None = None
    fail_at_frame: int | None = None
    stall_at_frame: int | None = None
    usage: Literal["normal", "missing", "zero"] | Counted = "normal"
    cached_tokens: int = 0

    @property
    def fails(self) -> bool:
        """Whether it asks for a refusal before the first byte."""
        return (self.status or 0) >= 400 or self.error is not None or self.flaky > 0

    @property
    def message(self) -> str:
        """What a refusal says; a planted secret must not get through."""
        return f"Simulated by the directive.{' Key: ' if self.secret else ''}{self.secret}"


_PREFIX = "sim:"


def read(text: str) -> Directive:
    """The directive in this text. Raises ValueError saying what is wrong with it."""
    for line in text.splitlines():
        if line.strip().startswith(_PREFIX):
            try:
                return msgspec.json.decode(line.strip()[len(_PREFIX) :], type=Directive)
            except msgspec.DecodeError as error:
                raise ValueError(f"the sim: directive is not valid: {error}") from error
    return Directive()


def text_of(content: Any) -> str:
    """The text of a message, its parts joined: every vendor writes it under `text`."""
    if isinstance(content, list):
        return "\n".join(
            part["text"]
            for part in content
            if isinstance(part, dict) and isinstance(part.get("text"), str)
        )
    return content if isinstance(content, str) else ""


def last_text(messages: Iterable[tuple[str, str]]) -> str:
    """The last text a user wrote, of pairs of role and text; tool results write none."""
    written = [text for role, text in messages if role == "user" and text]
    return written[-1] if written else ""
