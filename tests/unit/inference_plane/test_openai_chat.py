"""The chat surface: what is wrong is named, what is unknown is passed on."""

import json
from typing import Any

import pytest

from inference_plane.providers import openai
from inference_plane.surfaces import openai_chat
from shared.catalogue import Route
from shared.credits import Tokens
from shared.errors import InvalidRequest, ServiceUnavailable, UpstreamError

HI = [{"role": "user", "content": "hi"}]
ROUTE = Route("openai", "upstream-name")


def _decode(**fields: Any) -> Any:
    return openai_chat.decode(json.dumps({"model": "gpt-5", "messages": HI} | fields).encode())


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"model": ""}, "model"),
        ({"model": 5}, "model"),
        ({"messages": []}, "messages"),
        ({"messages": "hi"}, "messages"),
        ({"messages": [{"content": "no role"}]}, "messages[0]"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_completion_tokens": -1}, "max_completion_tokens"),
        ({"max_tokens": "many"}, "max_tokens"),
        ({"n": 0}, "n"),
        ({"n": 1000}, "n"),
        ({"stream": "yes"}, "stream"),
    ],
)
def test_a_bad_parameter_is_named(fields: dict[str, Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        _decode(**fields)
    assert refused.value.param == param


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'"text"', b"null"])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        openai_chat.decode(body)


def test_a_missing_model_is_named() -> None:
    with pytest.raises(InvalidRequest) as refused:
        openai_chat.decode(json.dumps({"messages": HI}).encode())
    assert refused.value.param == "model"


def test_what_the_pipeline_does_not_know_reaches_the_provider_untouched() -> None:
    request = _decode(novel={"deep": [1.5, None]}, temperature=0.25, stream=False)
    sent = json.loads(openai.encode(request, ROUTE, None))
    assert sent["novel"] == {"deep": [1.5, None]}
    assert sent["temperature"] == 0.25
    assert sent["messages"] == HI
    assert sent["model"] == "upstream-name"
    assert sent["stream"] is True
    assert sent["stream_options"] == {"include_usage": True}
    assert "max_tokens" not in sent


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
def test_a_lowered_limit_goes_where_the_caller_set_it(field: str) -> None:
    sent = json.loads(openai.encode(_decode(**{field: 900}), ROUTE, 7))
    assert sent[field] == 7


def test_images_and_tools_count_too() -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 9_000}}
    text = {"type": "text", "text": "what is this?"}
    seen = _decode(messages=[{"role": "user", "content": [text, picture]}])
    assert 1_000 < seen.prompt_tokens < 1_100
    tools = [{"type": "function", "function": {"name": "f", "parameters": {"x": "y" * 400}}}]
    assert _decode(tools=tools).prompt_tokens > 100


def test_cached_tokens_are_counted_apart_from_fresh_ones() -> None:
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 20,
        "prompt_tokens_details": {"cached_tokens": 64},
        "completion_tokens_details": {"reasoning_tokens": 12},
    }
    payload = json.dumps({"choices": [], "usage": usage}).encode()
    seen = openai.glance(payload)
    assert seen.usage == Tokens(input=36, cache_read=64, output=20, reasoning=12)
    assert openai.is_usage_frame(payload, seen)


def test_a_frame_of_unknown_shape_is_passed_on_and_counts_nothing() -> None:
    for payload in (b'{"choices": 5}', b"not json", b"[]", b'{"new": true}'):
        seen = openai.glance(payload)
        assert seen.text_bytes == 0
        assert seen.usage is None


def test_a_providers_own_trouble_is_not_blamed_on_the_caller() -> None:
    secret = b'{"error": {"message": "Incorrect API key provided: sk-secret"}}'
    assert isinstance(openai.explain(401, secret), UpstreamError)
    assert "secret" not in openai.explain(401, secret).message
    assert isinstance(openai.explain(429, b"{}"), ServiceUnavailable)
    assert isinstance(openai.explain(500, b"<html>"), UpstreamError)
    told = openai.explain(400, b'{"error": {"message": "bad", "param": "top_p"}}')
    assert isinstance(told, InvalidRequest)
    assert (told.message, told.param) == ("bad", "top_p")


def test_an_error_inside_a_stream_is_seen() -> None:
    assert openai.glance(b'{"error": {"message": "overloaded"}}').error
    assert openai.glance(b'{"choices": [], "error": null}').error is None
