"""Splits a byte stream into the frames of server-sent events, and writes them.

Bytes in, complete frames out, however the network split the bytes. A frame keeps its bytes, so that
it can pass through unchanged. Source: WHATWG HTML, section 9.2.6.
"""

DONE = b"[DONE]"
KEEP_ALIVE = b": keep-alive\n\n"


class Splitter:
    """Returns the frames that are complete, with their terminators, for the bytes fed so far."""

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, data: bytes) -> list[bytes]:
        if self._tail:
            data = self._tail + data
        if b"\r" in data:
            return self._feed_with_returns(data)
        frames = data.split(b"\n\n")
        self._tail = frames.pop()
        return [frame + b"\n\n" for frame in frames if frame]

    def _feed_with_returns(self, data: bytes) -> list[bytes]:
        """A lone CR at the end may be half of a CRLF, so it waits for what follows it."""
        held = b"\r" if data.endswith(b"\r") else b""
        normal = data[: len(data) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        frames = normal.split(b"\n\n")
        self._tail = frames.pop() + held
        return [frame + b"\n\n" for frame in frames if frame]

    @property
    def unfinished(self) -> bool:
        """Whether the bytes so far end in the middle of a frame."""
        return bool(self._tail.strip())


def data_of(frame: bytes) -> bytes:
    """The payload of a frame: its `data:` lines, joined. Empty for comments and bare events."""
    if frame.startswith(b"data: ") and frame.find(b"\n") == len(frame) - 2:
        return frame[6:-2]
    lines = [line[5:].removeprefix(b" ") for line in frame.split(b"\n") if line[:5] == b"data:"]
    return b"\n".join(lines)


def frame(payload: bytes) -> bytes:
    """An event without a name. `payload` must be one line."""
    return b"data: " + payload + b"\n\n"
