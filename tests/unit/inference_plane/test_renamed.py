"""A frame that passes through is changed in the field that names the model, and nowhere else."""

import json
from typing import Any

from inference_plane.core import events
from inference_plane.core.renamed import Renamed
from inference_plane.core.writer import Bill
from shared.credits import Tokens


class _Passing:
    def frame(self, frame: bytes, payload: bytes, events_: Any) -> bytes:
        return frame

    def tail(self, bill: Bill) -> bytes:
        return json.dumps({"model": "up", "text": '"model":"up"'}, separators=(",", ":")).encode()


def test_a_text_that_looks_like_the_field_stays() -> None:
    writer = Renamed(_Passing(), "model", "down")
    first = b'{"model" : "up", "text": "\\"model\\" : \\"up\\""}'
    started = [events.Started("id", "up")]
    assert writer.frame(first, first, started) == first.replace(
        b'"model" : "up",', b'"model":"down",'
    )
    last = json.loads(writer.tail(Bill(Tokens(), 0, 0)))
    assert last == {"model": "down", "text": '"model":"up"'}
