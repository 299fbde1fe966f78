"""Aggregates the chunks of a stream into the one answer that a buffered request gets.

Every request is streamed from its provider, so that it can be metered, extended and stopped. The
rule is that of the vendors' SDKs: text is joined, lists are merged by `index`, and of everything
else the last value counts. Unknown fields are kept. What is not of the expected type is left out:
the answer has been charged, so nothing in it may fail it.
"""

from typing import Any

from inference_plane.core.vendor_json import as_index, as_object, objects_in

_REPLACED = frozenset({"id", "type", "role", "index", "name", "object", "model"})
_LEFT_OUT = frozenset({"choices", "usage", "obfuscation"})
"""`obfuscation` pads a stream's frames against side channels; a buffered answer has none."""


def merge(into: dict[str, Any], delta: dict[str, Any]) -> dict[str, Any]:
    """`into`, changed in place to include `delta`."""
    for key, value in delta.items():
        into[key] = _merged(key, into.get(key), value)
    return into


def _merged(key: str, old: Any, new: Any) -> Any:
    if new is None:
        return old
    if key in _REPLACED or old is None:
        return _merge_lists([], new) if isinstance(new, list) else new
    if isinstance(old, str) and isinstance(new, str):
        return old + new
    if isinstance(old, dict) and isinstance(new, dict):
        return merge(old, new)
    if isinstance(old, list) and isinstance(new, list):
        return _merge_lists(old, new)
    return new


def _merge_lists(old: list[Any], new: list[Any]) -> list[Any]:
    for item in new:
        index = item.get("index") if isinstance(item, dict) else None
        if index is None:
            old.append(item)
            continue
        known = next((have for have in objects_in(old) if have.get("index") == index), None)
        if known is None:
            old.append(merge({}, item))
        else:
            merge(known, item)
    return old


def chat_completion(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    """OpenAI's `chat.completion` from its `chat.completion.chunk`s, without their usage."""
    answer: dict[str, Any] = {}
    choices: dict[int, dict[str, Any]] = {}
    for chunk in chunks:
        for choice in objects_in(chunk.get("choices")):
            index = as_index(choice.get("index"))
            merge(choices.setdefault(index, {}), _joined_last(choice))
        answer |= {k: v for k, v in chunk.items() if k not in _LEFT_OUT and v is not None}
    answer["object"] = "chat.completion"
    answer["choices"] = [_finished(index, choices[index]) for index in sorted(choices)]
    return answer


def _joined_last(choice: dict[str, Any]) -> dict[str, Any]:
    """Without an empty finish reason, which is a value and must not be joined like text."""
    if choice.get("finish_reason") is None:
        return {k: v for k, v in choice.items() if k != "finish_reason"}
    return choice


def _finished(index: int, choice: dict[str, Any]) -> dict[str, Any]:
    message = as_object(choice.pop("delta", None))
    message.setdefault("content", None)
    message.setdefault("refusal", None)
    for call in objects_in(message.get("tool_calls")):
        call.pop("index", None)
        call.setdefault("type", "function")
    choice.pop("index", None)
    return {
        "index": index,
        "message": {"role": "assistant"} | message,
        "logprobs": choice.pop("logprobs", None),
        "finish_reason": choice.pop("finish_reason", "length"),
    } | choice
