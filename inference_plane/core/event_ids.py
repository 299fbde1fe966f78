"""Gives the events of a stream ids, so that a client whose connection broke can say where.

Each event gets an `id:` line; a client sends the last one it received as `Last-Event-ID`. Comments
get none. Source: WHATWG HTML, section 9.2, "Server-sent events".
"""

_END = b"\n\n"


class EventIds:
    """The ids of one stream: 1, 2, 3 …"""

    def __init__(self) -> None:
        self._last = 0

    def add(self, data: bytes) -> bytes:
        """`data`, which must hold whole frames, with an id in every event."""
        return b"".join(self._add_to(frame) for frame in data.split(_END) if frame)

    def _add_to(self, frame: bytes) -> bytes:
        if frame.startswith(b":"):
            return frame + _END
        self._last += 1
        return b"id: %d\n" % self._last + frame + _END


def after(data: bytes, last_id: int) -> bytes:
    """The frames of `data`, which has ids, that come after the event `last_id`."""
    return b"".join(f + _END for f in data.split(_END) if f and _id_of(f) > last_id)


def _id_of(frame: bytes) -> int:
    first_line = frame.partition(b"\n")[0]
    number = first_line[4:].strip() if first_line.startswith(b"id: ") else b""
    return int(number) if number.isdigit() else 0
