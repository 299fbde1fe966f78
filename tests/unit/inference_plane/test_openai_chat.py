"""The chat surface: errors name their field, and unknown fields pass through."""

import json
from typing import Any

import pytest

from inference_plane.core import events
from inference_plane.core.request import Address
from inference_plane.providers.openai.chat_decode import ChatDecoder
from inference_plane.providers.openai.chat_encode import patch
from inference_plane.providers.openai.map_error import map_error
from inference_plane.surfaces.chat.decode import decode
from shared.catalogue import Route
from shared.credits import Tokens
from shared.errors import InvalidRequest, ServiceUnavailable, UpstreamError

HI = [{"role": "user", "content": "hi"}]
ROUTE = Route("openai", "upstream-name")


def _decode(**fields: Any) -> Any:
    return decode(json.dumps({"model": "gpt-5", "messages": HI} | fields).encode(), Address())


@pytest.mark.parametrize(
    ("fields", "param"),
    [
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
def test_a_body_that_is_not_a_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        decode(body, Address())


def test_unknown_fields_reach_the_provider_unchanged() -> None:
    request = _decode(novel={"deep": [1.5, None]}, temperature=0.25, stream=False)
    sent = json.loads(patch(request, ROUTE, None).body)
    assert sent["novel"] == {"deep": [1.5, None]}
    assert sent["temperature"] == 0.25
    assert sent["messages"] == HI
    assert sent["model"] == "upstream-name"
    assert sent["stream"] is True
    assert sent["stream_options"] == {"include_usage": True}
    assert "max_tokens" not in sent


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
def test_a_lowered_limit_goes_where_the_caller_set_it(field: str) -> None:
    sent = json.loads(patch(_decode(**{field: 900}), ROUTE, 7).body)
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
    counted = Tokens(input=36, cache_read=64, output=20, reasoning=12)
    assert ChatDecoder().feed(payload) == [events.Used(counted)]


def test_reasoning_that_only_the_total_knows_of_is_output_too() -> None:
    """xAI leaves it out of `completion_tokens`."""
    usage = {
        "prompt_tokens": 12,
        "completion_tokens": 1,
        "total_tokens": 303,
        "completion_tokens_details": {"reasoning_tokens": 290},
    }
    payload = json.dumps({"choices": [], "usage": usage}).encode()
    counted = Tokens(input=12, output=291, reasoning=290)
    assert ChatDecoder().feed(payload) == [events.Used(counted)]


def test_a_frame_of_unknown_shape_gives_no_event() -> None:
    for payload in (b'{"choices": 5}', b"not json", b"[]", b'{"new": true}'):
        assert ChatDecoder().feed(payload) == []


def test_a_providers_failure_is_not_the_callers_fault() -> None:
    secret = b'{"error": {"message": "Incorrect API key provided: sk-secret"}}'
    refused = map_error(401, secret, {})
    assert refused.fault == "key"
    assert isinstance(refused.refusal, UpstreamError)
    assert "secret" not in refused.refusal.message
    assert isinstance(map_error(429, b"{}", {}).refusal, ServiceUnavailable)
    assert isinstance(map_error(500, b"<html>", {}).refusal, UpstreamError)
    failure = map_error(400, b'{"error": {"message": "bad", "param": "top_p"}}', {})
    assert failure.final
    assert (failure.refusal.message, failure.refusal.param) == ("bad", "top_p")


def test_an_exhausted_quota_is_the_keys_fault() -> None:
    body = b'{"error": {"message": "quota", "code": "insufficient_quota"}}'
    assert map_error(429, body, {"retry-after": "1"}).fault == "key"


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [({"retry-after": "7"}, 7.0), ({"retry-after-ms": "250"}, 0.25), ({"retry-after": "x"}, 0.0)],
)
def test_the_pause_is_the_one_the_provider_names(headers: dict[str, str], wait_s: float) -> None:
    assert map_error(429, b"{}", headers).retry_after_s == wait_s


def test_an_error_inside_a_stream_is_detected() -> None:
    [failed] = ChatDecoder().feed(b'{"error": {"message": "overloaded"}}')
    assert isinstance(failed, events.Failed)
    assert ChatDecoder().feed(b'{"choices": [], "error": null}') == []


def test_calls_without_an_index_are_distinguished_by_id() -> None:
    """Mistral leaves the index out and sends each call complete."""
    decoder = ChatDecoder()

    def chunk(call_id: str) -> bytes:
        call = {"id": call_id, "function": {"name": "f", "arguments": "{}"}}
        return json.dumps({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}).encode()

    called = [e for each in ("a", "b") for e in decoder.feed(chunk(each))]
    assert [e.index for e in called if isinstance(e, events.ToolCalled)] == [0, 1]
