"""The `sim:` directive: a line `sim: {json}` in the last user message controls the answer.

The same options work on every protocol; each vendor's own format is used.

sim: {"frames": 40, "frame_delay_ms": 100}          a slow answer
sim: {"first_delay_ms": 3000}                       a late first byte
sim: {"text": "exactly this"}                       exactly this text
sim: {"echo": true}                                 returns the received request as JSON
sim: {"thinking": 12}                               twelve frames of thinking first
sim: {"thinking": 1, "redacted": true}              redacted thinking (Anthropic)
sim: {"refusal": "I must not."}                     the model declines
sim: {"tool": {"name": "f", "arguments": {"a": 1}}} calls the tool; "tools" calls several
sim: {"calls": 2}                                   calls the offered tools in turn
sim: {"status": 429, "retry_after": 2}              an error before the first byte
sim: {"error": "context_length"}                    or "quota": that error
sim: {"flaky": 2}                                   fails twice, then answers
sim: {"status": 500, "secret": "sk-…"}              the error text contains the secret
sim: {"error_at_frame": 5}                          an error event in the stream
sim: {"fail_at_frame": 5}                           cuts the connection
sim: {"stall_at_frame": 5}                          sends nothing more, keeps the connection
sim: {"usage": "missing"}                           or "zero", or {"prompt_tokens": 9, …}
sim: {"cached_tokens": 7}                           so many prompt tokens were cached
sim: {"uses": 2}                                    uses each hosted tool of the request so often
sim: {"tier": "priority"}                           serves it on this tier, whatever was requested

After a tool result, the directive's tools are not called again.
"""

from collections.abc import Callable, Iterable
from itertools import groupby, takewhile
from typing import Any, Literal, TypeVar

import msgspec

T = TypeVar("T")


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
    uses: int = 0
    tier: str = ""

    @property
    def fails(self) -> bool:
        """Whether an error before the first byte is requested."""
        return (self.status or 0) >= 400 or self.error is not None or self.flaky > 0

    @property
    def message(self) -> str:
        """The error's message. A planted secret must not reach the caller."""
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
    """The user's last texts among pairs of role and text; tool results have none.

    Agents add reminders of their own after what their user wrote.
    """
    runs = groupby((each for each in messages if each[1]), key=lambda each: each[0])
    written = ["\n".join(text for _, text in run) for role, run in runs if role == "user"]
    return written[-1] if written else ""


def since_answer(messages: list[T], is_answer: Callable[[T], bool]) -> list[T]:
    """The messages after the model's last one, the newest first."""
    return list(takewhile(lambda each: not is_answer(each), reversed(messages)))
