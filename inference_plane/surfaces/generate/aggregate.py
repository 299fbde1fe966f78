"""Aggregates the chunks of a stream into the one answer of generateContent.

Neighbouring text parts of one kind are joined; a part with a signature, or of another kind, stays
separate. Of everything else the last value counts. Unknown fields are kept, and what is not of the
expected type is left out. Source: Gemini API reference,
https://ai.google.dev/api/generate-content, "GenerateContentResponse"; guide
https://ai.google.dev/gemini-api/docs/thought-signatures.
"""

from typing import Any

from inference_plane.core.vendor_json import as_index, as_object, as_text, objects_in

Body = dict[str, Any]
_PLAIN = frozenset({"text", "thought"})


def answer(chunks: list[Body]) -> Body:
    whole: Body = {}
    candidates: dict[int, Body] = {}
    for chunk in chunks:
        for candidate in objects_in(chunk.get("candidates")):
            _merge(candidates.setdefault(as_index(candidate.get("index")), {}), candidate)
        whole.update({name: each for name, each in chunk.items() if name != "candidates"})
    if candidates:
        whole["candidates"] = [_cut(candidates[index]) for index in sorted(candidates)]
    return whole


def _merge(into: Body, candidate: Body) -> None:
    content = as_object(candidate.get("content"))
    have = into.setdefault("content", {"role": "model"})
    have.update({name: each for name, each in content.items() if name != "parts"})
    for part in objects_in(content.get("parts")):
        _append(have.setdefault("parts", []), part)
    into.update({name: each for name, each in candidate.items() if name != "content"})


def _append(parts: list[Body], part: Body) -> None:
    last = parts[-1] if parts else None
    joins = last is not None and _PLAIN.issuperset(last) and _PLAIN.issuperset(part)
    if last is not None and joins and bool(last.get("thought")) == bool(part.get("thought")):
        parts[-1] = last | {"text": as_text(last.get("text")) + as_text(part.get("text"))}
    elif part != {"text": ""}:
        parts.append(part)


def _cut(candidate: Body) -> Body:
    """An answer that ran out of credits ends like one that reached its limit."""
    return {"finishReason": "MAX_TOKENS"} | candidate
