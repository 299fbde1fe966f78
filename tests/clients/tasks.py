"""The tasks, what the model answers to each, and what must have come out of it."""

import base64
import json
from typing import Any

from tests.clients.records import FAMILIES, Cell
from tests.support.judges.received import PNG

TASKS = {
    "plain": "a question is answered",
    "streamed": "an answer arrives in pieces",
    "tool": "the model calls a tool of the client, and answers with its result",
    "structured": "an answer fits a JSON Schema",
    "image": "a picture in the question reaches the model's vendor",
    "error": "a vendor's refusal is reported in the vendor's words",
    "abort": "a client that stops reading, or that is stopped, stops the model",
}
_DIRECTIVES: dict[str, dict[str, Any]] = {
    "plain": {"text": "one two three"},
    "streamed": {"text": "one two three"},
    "tool": {"tool": {"name": "weather", "arguments": {"city": "Paris"}}, "text": "sunny"},
    "structured": {},
    "image": {"text": "a dot"},
    "error": {"status": 400},
    "abort": {"frames": 40, "frame_delay_ms": 50},
}
_REFUSAL = "Simulated by the directive"
_ENDS = {"openai": "left", "anthropic": "left", "google": "answered"}
"""Google charges an abandoned answer whole, so Headrace reads it to its end."""

Outcome = dict[str, Any]
Entries = list[dict[str, Any]]


def case(cell: Cell, url: str, key: str) -> dict[str, Any]:
    """The case as a program reads it: see `programs/cases.py`."""
    own = cell.client.directives
    directive = own.get(f"{cell.task}-{cell.family}", own.get(cell.task, _DIRECTIVES[cell.task]))
    return {
        "id": cell.id,
        "client": cell.client.name,
        "task": cell.task,
        "model": FAMILIES[cell.family][0],
        "text": f"{cell.id}\nsim: {json.dumps(directive)}",
        "url": url,
        "key": key,
        "image": base64.b64encode(PNG).decode(),
    }


def check(cell: Cell, outcome: Outcome, entries: Entries) -> None:
    """Fails unless the task was done. `entries` is what the provider received for this cell."""
    if cell.task == "error":
        assert _REFUSAL in outcome["error"]["text"], outcome
        return
    assert "error" not in outcome, outcome["error"]
    match cell.task:
        case "streamed":
            assert outcome["pieces"] > 1, outcome
        case "tool":
            assert outcome["called"] == [{"city": "Paris"}], outcome
        case "structured":
            assert isinstance(outcome["parsed"]["city"], str), outcome
            assert isinstance(outcome["parsed"]["days"], int), outcome
        case "image":
            assert any(_has_picture(json.dumps(each["body"])) for each in entries), "no picture"
        case "abort":
            assert entries[-1]["outcome"] == _ENDS[FAMILIES[cell.family][1]], outcome
    expected = {"plain": "one two three", "streamed": "one two three", "image": "a dot"}
    if "text" in outcome and cell.task in expected:
        assert outcome["text"].strip() == expected[cell.task]
    if "text" in outcome and cell.task == "tool":
        assert outcome["text"].strip().endswith("sunny")


def _has_picture(body: str) -> bool:
    """Google's SDK writes base64 for URLs (RFC 4648, section 5)."""
    return any(
        encode(PNG).decode() in body for encode in (base64.b64encode, base64.urlsafe_b64encode)
    )
