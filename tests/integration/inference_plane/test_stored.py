"""Stored responses and chat completions, through OpenAI's SDK: only their account reaches them."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import openai
import pytest
from openai import AsyncOpenAI

from shared.catalogue import Route
from tests.integration.inference_plane.requests import journal
from tests.support.testbed import MODELS, Testbed, model, publish, running_testbed, token

Call = Callable[[AsyncOpenAI, str], Awaitable[Any]]
OF_A_RESPONSE: dict[str, Call] = {
    "retrieve": lambda client, own: client.responses.retrieve(own),
    "delete": lambda client, own: client.responses.delete(own),
    "cancel": lambda client, own: client.responses.cancel(own),
    "input items": lambda client, own: client.responses.input_items.list(own)._get_page(),
}
OF_A_CHAT: dict[str, Call] = {
    "retrieve": lambda client, own: client.chat.completions.retrieve(own),
    "update": lambda client, own: client.chat.completions.update(own, metadata={"a": "b"}),
    "delete": lambda client, own: client.chat.completions.delete(own),
    "messages": lambda client, own: client.chat.completions.messages.list(own)._get_page(),
}
_HI: Any = [{"role": "user", "content": "hi"}]


@pytest.fixture
async def two(testbed: Testbed) -> Testbed:
    await testbed.table.play("grant B 1000 -> applied avail 1000 held 0")
    return testbed


async def _response(testbed: Testbed) -> Any:
    return await testbed.client().responses.create(model="gpt-5", input="hi", store=True)


async def _chat(testbed: Testbed, **fields: Any) -> Any:
    create: Any = testbed.client().chat.completions.create
    return await create(model="gpt-5", messages=_HI, store=True, **fields)


async def _balance(testbed: Testbed) -> str:
    return str((await testbed.table.account("A"))["avail"])


async def test_a_stored_response_is_read_and_deleted(testbed: Testbed) -> None:
    """For free: what it cost was charged when it was made."""
    made, client = await _response(testbed), testbed.client()
    charged = await _balance(testbed)
    found = await client.responses.retrieve(made.id, include=["reasoning.encrypted_content"])
    assert (found.id, found.output_text) == (made.id, made.output_text)
    assert (await journal(testbed))[-1]["query"] == {"include[]": "reasoning.encrypted_content"}
    items = [each async for each in await client.responses.input_items.list(made.id, limit=5)]
    assert [each.role for each in items] == ["user"]  # type: ignore[union-attr]
    await client.responses.delete(made.id)
    with pytest.raises(openai.NotFoundError):
        await client.responses.retrieve(made.id)
    with pytest.raises(openai.NotFoundError) as gone:
        await client.responses.create(model="gpt-5", input="hi", previous_response_id=made.id)
    assert gone.value.param == "previous_response_id"
    assert await _balance(testbed) == charged


async def test_a_stored_answer_names_its_model_as_the_caller_did(testbed: Testbed) -> None:
    renamed = model("ours", routes=(Route("openai", "gpt-5"),))
    await publish(testbed.redis, *MODELS, renamed)
    await testbed.runtime.directory.refresh()
    client = testbed.client()
    response = await client.responses.create(model="ours", input="hi", store=True)
    assert (await client.responses.retrieve(response.id)).model == "ours"
    chats = client.chat.completions
    chat = await chats.create(model="ours", messages=_HI, store=True)
    assert (await chats.retrieve(chat.id)).model == "ours"
    assert (await chats.update(chat.id, metadata={"a": "b"})).model == "ours"


async def test_a_finished_response_cannot_be_cancelled(testbed: Testbed) -> None:
    made = await _response(testbed)
    with pytest.raises(openai.BadRequestError, match="Cannot cancel a synchronous response"):
        await testbed.client().responses.cancel(made.id)


async def test_a_stored_chat_is_read_changed_and_deleted(testbed: Testbed) -> None:
    made, chats = await _chat(testbed), testbed.client().chat.completions
    found = await chats.retrieve(made.id)
    assert found.choices[0].message.content == made.choices[0].message.content
    assert (await chats.update(made.id, metadata={"a": "b"})).metadata == {"a": "b"}
    assert [each.content async for each in await chats.messages.list(made.id)] == ["hi"]
    assert (await chats.delete(made.id)).deleted
    with pytest.raises(openai.NotFoundError):
        await chats.retrieve(made.id)


async def test_a_streamed_chat_is_stored_too(testbed: Testbed) -> None:
    chunks = [each async for each in await _chat(testbed, stream=True)]
    found = await testbed.client().chat.completions.retrieve(chunks[0].id)
    assert found.id == chunks[0].id


async def test_what_is_not_stored_is_not_found(testbed: Testbed) -> None:
    """The provider is not asked for it."""
    made = await testbed.client().responses.create(model="gpt-5", input="hi")
    with pytest.raises(openai.NotFoundError):
        await testbed.client().responses.retrieve(made.id)
    assert len(await journal(testbed)) == 1


@pytest.mark.parametrize("call", OF_A_RESPONSE.values(), ids=OF_A_RESPONSE)
async def test_a_response_of_another_account_is_an_unknown_one(two: Testbed, call: Call) -> None:
    made = await _response(two)
    await _same_as_unknown(two, call, made.id)
    assert (await two.client().responses.retrieve(made.id)).id == made.id


@pytest.mark.parametrize("call", OF_A_CHAT.values(), ids=OF_A_CHAT)
async def test_a_chat_of_another_account_is_an_unknown_one(two: Testbed, call: Call) -> None:
    made = await _chat(two)
    await _same_as_unknown(two, call, made.id)
    assert (await two.client().chat.completions.retrieve(made.id)).id == made.id


async def _same_as_unknown(two: Testbed, call: Call, made: str) -> None:
    errors = []
    for each in (made, "resp_unknown"):
        with pytest.raises(openai.NotFoundError) as refused:
            await call(two.client("B"), each)
        body: Any = refused.value.body
        errors.append({k: v for k, v in body.items() if k != "request_id"})
        errors[-1]["message"] = errors[-1]["message"].replace(each, "…")
    assert errors[0] == errors[1]
    assert len(await journal(two)) == 1


async def test_the_key_that_made_it_reads_it(redis_url: str) -> None:
    async with running_testbed(redis_url, settings={"OPENAI_API_KEY": "sk-a,sk-b"}) as testbed:
        for key in testbed.runtime.upstream_pool.get("openai").keys[""]:
            key.open_streams += 50
            made = await _response(testbed)
            key.open_streams -= 50
            for _ in range(3):
                assert (await testbed.client().responses.retrieve(made.id)).id == made.id


async def test_an_id_of_another_dialect_is_not_found(testbed: Testbed) -> None:
    """A chat completion is no response, though the account has both."""
    made = await _chat(testbed)
    with pytest.raises(openai.NotFoundError):
        await testbed.client().responses.cancel("cntr_1")
    key = testbed.runtime.upstream_pool.get("anthropic").keys[""][0].name
    await testbed.runtime.provider_ids.record("A", {"container_1": 60}, key)
    with pytest.raises(openai.NotFoundError):
        await testbed.client().responses.retrieve("container_1")
    assert made.id.startswith("chatcmpl-")


@pytest.mark.parametrize("query", ["stream=true", "starting_after=3", "include_obfuscation=1"])
async def test_a_stream_of_a_stored_response_is_refused_by_name(
    testbed: Testbed, query: str
) -> None:
    made = await _response(testbed)
    status, answer = await _get(testbed, f"/v1/responses/{made.id}?{query}")
    assert (status, answer["error"]["param"]) == (400, query.partition("=")[0])
    assert (await _get(testbed, f"/v1/responses/{made.id}?stream=false"))[0] == 200


async def test_an_unknown_parameter_is_refused_by_name(testbed: Testbed) -> None:
    made = await _response(testbed)
    status, answer = await _get(testbed, f"/v1/responses/{made.id}?api-version=1")
    assert (status, answer["error"]["param"]) == (400, "api-version")


async def test_they_are_throttled_like_other_free_requests(redis_url: str) -> None:
    async with running_testbed(redis_url, settings={"HEADRACE_COUNTS_PER_MINUTE": 2}) as testbed:
        made = await _response(testbed)
        for _ in range(2):
            await testbed.client().responses.retrieve(made.id)
        with pytest.raises(openai.RateLimitError) as limited:
            await testbed.client().responses.retrieve(made.id)
        assert limited.value.response.headers["retry-after"]


async def test_a_key_that_is_refused_is_not_the_callers_fault(testbed: Testbed) -> None:
    made = await _response(testbed)
    key = testbed.runtime.upstream_pool.get("openai").keys[""][0]
    key.headers = {"Authorization": "Bearer invalid-key"}
    with pytest.raises(openai.InternalServerError) as refused:
        await testbed.client().responses.retrieve(made.id)
    assert "invalid-key" not in str(refused.value.body)


async def test_moderation_passes_through_and_is_free(testbed: Testbed) -> None:
    client, before = testbed.client(), await _balance(testbed)
    answer = await client.moderations.create(input=["hello", "attack"])
    assert [each.flagged for each in answer.results] == [False, True]
    assert answer.model == "omni-moderation-latest"
    parts: Any = [{"type": "text", "text": "attack"}]
    named = await client.moderations.create(model="omni-moderation-2024-09-26", input=parts)
    assert named.results[0].flagged
    with pytest.raises(openai.BadRequestError):
        await client.moderations.create(input=[])
    assert await _balance(testbed) == before


async def test_without_a_provider_that_moderates_it_is_not_found(redis_url: str) -> None:
    settings = {"OPENAI_DIALECTS": "chat"}
    async with running_testbed(redis_url, settings=settings) as testbed:
        with pytest.raises(openai.NotFoundError, match="No provider of this deployment"):
            await testbed.client().moderations.create(input="hi")


async def test_the_tokens_of_a_response_are_counted_for_free(testbed: Testbed) -> None:
    before = await _balance(testbed)
    for name in ("gpt-5", "claude"):
        counted = await testbed.client().responses.input_tokens.count(model=name, input="hi")
        assert counted.object == "response.input_tokens"
        assert counted.input_tokens > 0
    assert await _balance(testbed) == before


async def _get(testbed: Testbed, target: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token('A')}"}
    async with aiohttp.ClientSession(testbed.url, headers=headers) as session:
        async with session.get(target) as answer:
            return answer.status, await answer.json()
