"""The canonical format of answers: what a provider's frames mean, in any dialect.

Providers decode frames into events, and surfaces write events as frames, so there is one translator
per dialect, not one per pair of dialects. The meter reads the same events, which is why a stream
that passes through unchanged is decoded, too.

    Started, then any of Text, Thought, Signed, Redacted, Refused, ToolCalled, Arguments;
    Embedded for each text, where embeddings were requested;
    Finished for each choice; Used once, or repeatedly with growing counts; Ended at the end.
    Failed may come at any time, and nothing follows it.
"""

from msgspec import Struct

from shared.credits import Tokens

STOP, LENGTH, TOOLS, FILTER, REFUSAL = "stop", "length", "tools", "filter", "refusal"
"""Why an answer ends."""

PAUSE = "pause"
"""The vendor paused the answer: the caller continues it with another request."""


class Event(Struct, frozen=True, gc=False):
    """`choice` is the answer's number, where the request asks for several."""


class Started(Event, frozen=True, gc=False):
    id: str = ""
    model: str = ""
    created: int = 0


class Text(Event, frozen=True, gc=False):
    text: str
    choice: int = 0


class Thought(Event, frozen=True, gc=False):
    """A piece of the model's thoughts, as far as the provider shows them."""

    text: str
    choice: int = 0


class Signed(Event, frozen=True, gc=False):
    """The provider's signature of the thought before it; only `origin` accepts it."""

    signature: str
    origin: str
    choice: int = 0


class Redacted(Event, frozen=True, gc=False):
    """An encrypted thought that only its origin can read."""

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


class Embedded(Event, frozen=True, gc=False):
    """A vector: a JSON array of numbers, as the provider wrote it."""

    values: bytes


class Finished(Event, frozen=True, gc=False):
    reason: str
    choice: int = 0
    stop_sequence: str | None = None


class Used(Event, frozen=True, gc=False):
    """The provider's count so far; the last one is final.

    `corrected`: a figure could not be true. A prompt or output that is not known counts as we
    counted it ourselves.
    """

    tokens: Tokens
    corrected: bool = False
    prompt_known: bool = True
    output_known: bool = True


class Sound(Event, frozen=True, gc=False):
    """A piece of a spoken answer, as so many tokens by our own count."""

    tokens: int


class Served(Event, frozen=True, gc=False):
    """What the answer says of how it was served; an empty field says nothing.

    `uses` are the vendor's hosted tools with how often each was used so far.
    """

    tier: str = ""
    region: str = ""
    uses: tuple[tuple[str, int], ...] = ()


class Kept(Event, frozen=True, gc=False):
    """The vendor keeps something of this answer under an id that a later request may name.

    For `for_s` seconds, or until `until_s`, in seconds since 1970.
    """

    id: str
    for_s: int = 0
    until_s: int = 0


class Failed(Event, frozen=True, gc=False):
    """The provider reported a failure; `busy`: a retry may succeed."""

    message: str
    busy: bool = False


class Ended(Event, frozen=True, gc=False):
    """The answer is complete."""
