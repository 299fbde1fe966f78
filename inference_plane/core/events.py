"""The middle language of answers: what a provider's frames mean, whatever their dialect.

Providers turn frames into events, surfaces turn events into frames; so there are as many
translators as dialects, not as pairs of them. The meter reads the same events, which is why a
stream that is passed through untouched is decoded all the same.

    Started, then any of Text, Thought, Signed, Redacted, Refused, ToolCalled, Arguments;
    Finished for each choice, Used once or growing, Ended as the provider's last word.
    Failed may come at any time, and nothing follows it.
"""

from msgspec import Struct

from shared.credits import Tokens

STOP, LENGTH, TOOLS, FILTER, REFUSAL = "stop", "length", "tools", "filter", "refusal"
"""Why an answer ends."""

PAUSE = "pause"
"""The vendor stopped half-way and wants to be asked to go on."""


class Event(Struct, frozen=True, gc=False):
    """`choice` is the answer's number where several were asked for."""


class Started(Event, frozen=True, gc=False):
    id: str = ""
    model: str = ""
    created: int = 0


class Text(Event, frozen=True, gc=False):
    text: str
    choice: int = 0


class Thought(Event, frozen=True, gc=False):
    """A piece of the model's thinking that the provider shows."""

    text: str
    choice: int = 0


class Signed(Event, frozen=True, gc=False):
    """The provider's seal on the thought before it; `origin` alone can read it."""

    signature: str
    origin: str
    choice: int = 0


class Redacted(Event, frozen=True, gc=False):
    """A thought that only its origin can read."""

    data: str
    origin: str
    choice: int = 0


class Refused(Event, frozen=True, gc=False):
    text: str
    choice: int = 0


class ToolCalled(Event, frozen=True, gc=False):
    """A call begins; its arguments follow as pieces of JSON under the same index."""

    index: int
    id: str
    name: str
    choice: int = 0
    signature: str | None = None
    origin: str = ""


class Arguments(Event, frozen=True, gc=False):
    index: int
    text: str
    choice: int = 0


class Finished(Event, frozen=True, gc=False):
    reason: str
    choice: int = 0
    stop_sequence: str | None = None


class Used(Event, frozen=True, gc=False):
    """The provider's count so far; the last one counts."""

    tokens: Tokens


class Failed(Event, frozen=True, gc=False):
    """The provider broke off in its own words; `busy`: it may do better in a moment."""

    message: str
    busy: bool = False


class Ended(Event, frozen=True, gc=False):
    """The provider has said all it had to say."""
