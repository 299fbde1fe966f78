"""What a vendor keeps belongs to the account that made it; for every other it does not exist."""

import json
from typing import Any

import pytest

from shared.catalogue import Route
from tests.integration.inference_plane.requests import journal, post
from tests.support.testbed import MODELS, Testbed, model, publish, running_testbed, token

RESPONSES = "/v1/responses"
B = {"Authorization": f"Bearer {token('B')}"}
_FILE = {"type": "input_file", "file_id": "file-1"}


def _ask(**fields: Any) -> dict[str, Any]:
    return {"model": "gpt-5", "input": "hi"} | fields


async def _answer(testbed: Testbed, payload: Any, path: str = RESPONSES, **headers: str) -> Any:
    status, content = await post(testbed, payload, path, **headers)
    return status, json.loads(content)


async def _stored(testbed: Testbed) -> dict[str, Any]:
    status, answer = await _answer(testbed, _ask(store=True))
    assert status == 200
    return dict(answer)


@pytest.fixture
async def two(testbed: Testbed) -> Testbed:
    await testbed.table.play("grant B 1000 -> applied avail 1000 held 0")
    return testbed


async def test_a_stored_response_is_gone_on_from_by_its_own_account_only(two: Testbed) -> None:
    first = await _stored(two)
    again = _ask(previous_response_id=first["id"])
    assert (await _answer(two, again))[0] == 200
    status, answer = await _answer(two, again, **B)
    assert (status, answer["error"]["code"]) == (404, "not_found")
    assert answer["error"]["param"] == "previous_response_id"
    assert len(await journal(two)) == 2


async def test_its_items_belong_to_it(two: Testbed) -> None:
    item = (await _stored(two))["output"][0]["id"]
    again = _ask(input=[{"type": "item_reference", "id": item}, {"role": "user", "content": "hi"}])
    assert (await _answer(two, again))[0] == 200
    status, answer = await _answer(two, again, **B)
    assert (status, answer["error"]["param"]) == (404, "input[0].id")


async def test_a_streamed_response_can_be_gone_on_from_at_once(two: Testbed) -> None:
    status, stream = await post(two, _ask(store=True, stream=True), RESPONSES)
    assert status == 200
    last = json.loads(stream.strip().rpartition(b"data: ")[2])
    again = _ask(previous_response_id=last["response"]["id"])
    assert (await _answer(two, again))[0] == 200


async def test_nothing_is_stored_unless_requested(two: Testbed) -> None:
    _, first = await _answer(two, _ask())
    assert first["store"] is False
    status, answer = await _answer(two, _ask(previous_response_id=first["id"]))
    assert (status, answer["error"]["code"]) == (404, "not_found")
    chat = {"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]}
    await post(two, chat, "/v1/chat/completions")
    await post(two, chat | {"max_tokens": 9}, "/v1/messages")
    assert [each["body"]["store"] for each in await journal(two)] == [False] * 3


async def test_what_the_vendor_has_forgotten_is_not_found(two: Testbed) -> None:
    """It was recorded, but the vendor does not have it any more."""
    key = two.runtime.upstream_pool.get("openai").keys[""][0].name
    await two.runtime.provider_ids.record("A", {"resp_gone": 60, "msg_gone": 60}, key)
    gone = {"type": "item_reference", "id": "msg_gone"}
    for again in (_ask(previous_response_id="resp_gone"), _ask(input=[gone])):
        status, answer = await _answer(two, again)
        assert (status, answer["error"]["code"]) == (404, "not_found")
    await two.until_idle()
    assert (await two.table.account("A"))["avail"] == "1000000000"


async def test_the_key_that_made_it_is_used_again(redis_url: str) -> None:
    """Another key may be another organization's, which does not have it."""
    async with running_testbed(redis_url, settings={"OPENAI_API_KEY": "sk-a,sk-b"}) as testbed:
        keys = testbed.runtime.upstream_pool.get("openai").keys[""]
        for key in keys:
            key.open_streams += 50
            first = await _stored(testbed)
            key.open_streams -= 50
            for _ in range(3):
                status, _ = await _answer(testbed, _ask(previous_response_id=first["id"]))
                assert status == 200


FOREIGN: list[tuple[str, dict[str, Any]]] = [
    (RESPONSES, _ask(previous_response_id="resp_1")),
    (RESPONSES, _ask(conversation="conv_1")),
    (RESPONSES, _ask(prompt={"id": "pmpt_1"})),
    (RESPONSES, _ask(input=[{"type": "item_reference", "id": "msg_1"}])),
    (RESPONSES, _ask(input=[{"type": "reasoning", "id": "rs_1", "summary": []}])),
    (RESPONSES, _ask(input=[{"role": "user", "content": [_FILE]}])),
    (RESPONSES, _ask(tools=[{"type": "file_search", "vector_store_ids": ["vs_1"]}])),
    (RESPONSES, _ask(tools=[{"type": "code_interpreter", "container": "cntr_1"}])),
    (
        "/v1/chat/completions",
        {
            "model": "gpt-5",
            "messages": [
                {"role": "user", "content": [{"type": "file", "file": {"file_id": "file-1"}}]}
            ],
        },
    ),
    (
        "/v1/chat/completions",
        {
            "model": "gpt-5",
            "messages": [
                {"role": "user", "content": "hi"},
                {"role": "assistant", "audio": {"id": "audio_1"}},
            ],
        },
    ),
    (
        "/v1/messages",
        {
            "model": "claude",
            "max_tokens": 9,
            "messages": [{"role": "user", "content": "hi"}],
            "container": "container_1",
        },
    ),
    (
        "/v1/messages/count_tokens",
        {
            "model": "claude",
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "document", "source": {"type": "file", "file_id": "file_1"}}
                    ],
                }
            ],
        },
    ),
    (
        "/v1beta/models/gemini:generateContent",
        {"contents": [{"parts": [{"text": "hi"}]}], "cachedContent": "cachedContents/1"},
    ),
    (
        "/v1beta/models/gemini:countTokens",
        {"contents": [{"parts": [{"fileData": {"fileUri": "files/1"}}]}]},
    ),
]


@pytest.mark.parametrize(("path", "payload"), FOREIGN)
async def test_what_is_not_recorded_for_the_account_is_not_found(
    testbed: Testbed, path: str, payload: dict[str, Any]
) -> None:
    """Nothing is held, and the provider is never asked."""
    status, answer = await _answer(testbed, payload, path)
    assert status == 404
    assert "not_found" in json.dumps(answer)
    assert await journal(testbed) == []
    assert await testbed.table.entries("A") == []


async def test_a_thought_of_a_translated_answer_goes_back_to_where_it_came_from(
    testbed: Testbed,
) -> None:
    """Its id is ours, and no provider looks it up; a route that would is left out."""
    both = (Route("openai", "gpt-5"), Route("google", "gemini-3-pro-preview", order=1))
    await publish(testbed.redis, *MODELS, model("both", routes=both))
    await testbed.runtime.directory.refresh()
    thought = {"type": "reasoning", "id": "rs_ours", "summary": []}
    turns = [{"role": "user", "content": "hi"}, thought, {"role": "user", "content": "go on"}]
    for name in ("gemini", "both"):
        status, _ = await _answer(testbed, {"model": name, "input": turns})
        assert status == 200
        assert "gemini" in (await journal(testbed))[-1]["path"]


_GOOGLES = "https://generativelanguage.googleapis.com/v1beta/files/theirs"


@pytest.mark.parametrize("uri", [_GOOGLES, _GOOGLES.upper(), "files/theirs", "gs://bucket/theirs"])
@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/v1/chat/completions", {"type": "image_url", "image_url": {"url": "URI"}}),
        (RESPONSES, {"type": "input_image", "image_url": "URI"}),
        (RESPONSES, {"type": "input_file", "file_url": "URI"}),
        ("/v1/messages", {"type": "image", "source": {"type": "url", "url": "URI"}}),
        ("/v1/messages", {"type": "document", "source": {"type": "url", "url": "URI"}}),
    ],
)
async def test_no_other_surface_reaches_what_google_keeps(
    testbed: Testbed, path: str, part: dict[str, Any], uri: str
) -> None:
    """As an address in a field of another vendor's dialect."""
    turns = [{"role": "user", "content": [json.loads(json.dumps(part).replace("URI", uri))]}]
    payload: dict[str, Any] = {"model": "gemini", "max_tokens": 9, "messages": turns}
    if path == RESPONSES:
        payload = {"model": "gemini", "input": turns}
    status, answer = await _answer(testbed, payload, path)
    assert (status, answer["error"]["code"]) == (400, "invalid_request")
    assert await journal(testbed) == []


async def test_a_background_response_is_refused(testbed: Testbed) -> None:
    status, answer = await _answer(testbed, _ask(background=True))
    assert (status, answer["error"]["param"]) == (400, "background")
