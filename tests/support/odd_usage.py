"""Answers of every dialect with usage figures that no provider should send, but may."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Frames = Callable[[Any], list[bytes]]
NAMES = (
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "input_tokens",
    "output_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "promptTokenCount",
    "candidatesTokenCount",
    "thoughtsTokenCount",
    "cachedContentTokenCount",
    "toolUsePromptTokenCount",
    "service_tier",
    "serviceTier",
    "speed",
    "inference_geo",
    "iterations",
)
_DETAILS = (
    "prompt_tokens_details",
    "completion_tokens_details",
    "input_tokens_details",
    "output_tokens_details",
    "cache_creation",
    "server_tool_use",
)
_INNER = (
    "cached_tokens",
    "reasoning_tokens",
    "audio_tokens",
    "image_tokens",
    "cache_write_tokens",
    "ephemeral_1h_input_tokens",
    "web_search_requests",
)
_BY_MODALITY = ("promptTokensDetails", "cacheTokensDetails", "candidatesTokensDetails")


def odd_usage() -> st.SearchStrategy[Any]:
    """A usage object of any vendor's names, or something else in its place."""
    figure = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(0, 200_000),
        st.sampled_from([-1, 10**9, 10**9 + 1, 2**63, 10**19, 10**40]),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=5),
        st.just([]),
    )
    detail = st.one_of(
        figure,
        st.fixed_dictionaries({}, optional=dict.fromkeys(_INNER, figure)),
    )
    counted = st.fixed_dictionaries({"modality": figure, "tokenCount": figure})
    audio = st.fixed_dictionaries({"modality": st.just("AUDIO"), "tokenCount": figure})
    listed = st.one_of(figure, st.lists(st.one_of(counted, audio), max_size=2))
    optional = dict.fromkeys(NAMES, figure) | dict.fromkeys(_DETAILS, detail)
    whole = st.fixed_dictionaries({}, optional=optional | dict.fromkeys(_BY_MODALITY, listed))
    return st.one_of(whole, whole, whole, figure)


def _written(*payloads: Any) -> list[bytes]:
    return [json.dumps(each).encode() for each in payloads]


def chat(usage: Any) -> list[bytes]:
    word = {"id": "c", "choices": [{"index": 0, "delta": {"content": "word"}}]}
    last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": usage}
    return [*_written(word, last), b"[DONE]"]


def _responses(usage: Any) -> list[bytes]:
    word = {"type": "response.output_text.delta", "delta": "word"}
    return _written(word, {"type": "response.completed", "response": {"id": "r", "usage": usage}})


def _messages(usage: Any) -> list[bytes]:
    delta = {"type": "text_delta", "text": "word"}
    return _written(
        {"type": "message_start", "message": {"id": "m", "usage": usage}},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage},
        {"type": "message_stop"},
    )


def _generate(usage: Any) -> list[bytes]:
    content = {"parts": [{"text": "word"}]}
    return _written(
        {"candidates": [{"content": content, "finishReason": "STOP"}], "usageMetadata": usage}
    )


def _embeddings(usage: Any) -> list[bytes]:
    return _written({"data": [{"embedding": [0.5]}], "usage": usage})


DIALECTS: dict[str, Frames] = {
    "chat": chat,
    "responses": _responses,
    "messages": _messages,
    "generate": _generate,
    "embeddings": _embeddings,
}
"""By dialect: the payloads of a one-word answer with this usage."""
