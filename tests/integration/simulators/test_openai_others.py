"""OpenAI's SDK at the simulated provider: legacy completions, embeddings, models."""

import base64
import math
import struct
from typing import Any

import openai
import pytest

from tests.integration.simulators.conftest import Provider, say


async def test_completion(provider: Provider) -> None:
    answer = await provider.openai.completions.create(
        model="gpt-3.5-turbo-instruct", prompt=["a", "b"], n=2, echo=True, max_tokens=3, logprobs=1
    )
    assert [choice.text for choice in answer.choices] == [
        "aThis answer is",
        "aThis answer is",
        "bThis answer is",
        "bThis answer is",
    ]
    assert {choice.finish_reason for choice in answer.choices} == {"length"}
    assert answer.choices[0].logprobs is not None
    assert answer.choices[0].logprobs.text_offset == [1, 5, 12]
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 12


async def test_completion_stream(provider: Provider) -> None:
    stream = await provider.openai.completions.create(
        model="gpt-3.5-turbo-instruct",
        prompt=say(text="one two", frames=2),
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = [chunk async for chunk in stream]
    assert "".join(c.choices[0].text for c in chunks if c.choices) == "one two"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage is not None


@pytest.mark.parametrize("prompt", [[1, 2, 3], [[1, 2], [3]], "x"])
async def test_prompts_of_tokens(provider: Provider, prompt: Any) -> None:
    answer = await provider.openai.completions.create(model="davinci-002", prompt=prompt)
    assert answer.choices[0].text


async def test_embeddings_are_the_same_in_both_encodings(provider: Provider) -> None:
    create = provider.openai.embeddings.create
    requested: Any = {"model": "text-embedding-3-small", "input": ["a", "b"], "dimensions": 8}
    plain = await create(encoding_format="float", **requested)
    packed = await create(encoding_format="base64", **requested)
    for one, other in zip(plain.data, packed.data, strict=True):
        assert math.hypot(*one.embedding) == pytest.approx(1)
        raw: Any = other.embedding
        found = struct.unpack("<8f", base64.b64decode(raw)) if isinstance(raw, str) else raw
        assert list(found) == pytest.approx(one.embedding)
    assert plain.data[0].embedding != plain.data[1].embedding
    assert (
        len((await create(model="text-embedding-3-large", input=[1, 2])).data[0].embedding) == 3072
    )


@pytest.mark.parametrize("given", ["", [], ["a", ""], [1, "a"]])
async def test_what_cannot_be_embedded_is_refused(provider: Provider, given: Any) -> None:
    with pytest.raises(openai.BadRequestError):
        await provider.openai.embeddings.create(model="text-embedding-3-small", input=given)


async def test_models(provider: Provider) -> None:
    names = [model.id async for model in provider.openai.models.list()]
    assert "gpt-5" in names
    assert (await provider.openai.models.retrieve("gpt-5")).owned_by
    with pytest.raises(openai.NotFoundError):
        await provider.openai.models.retrieve("unheard-of")
