"""Numbers the frames of a stream, so that a client which was cut off can say where.

Each event gets an `id:` line of its own; a reader sends the last one it saw as `Last-Event-ID`.
Comments have none: nobody needs them again. Source: WHATWG HTML, "Server-sent events", §9.2.
"""

_END = b"\n\n"


class Numbering:
    """One stream's count, from 1."""

    def __init__(self) -> None:
        self._count = 0

    def write(self, data: bytes) -> bytes:
        """`data`, which holds whole frames, with every event numbered."""
        return b"".join(self._number(frame) for frame in data.split(_END) if frame)

    def _number(self, frame: bytes) -> bytes:
        if frame.startswith(b":"):
            return frame + _END
        self._count += 1
        return b"id: %d\n" % self._count + frame + _END


def after(data: bytes, last: int) -> bytes:
    """What of `data`, which was numbered, comes after that event."""
    return b"".join(f + _END for f in data.split(_END) if f and _number_of(f) > last)


def _number_of(frame: bytes) -> int:
    head = frame.partition(b"\n")[0]
    number = head[4:].strip() if head.startswith(b"id: ") else b""
    return int(number) if number.isdigit() else 0
