"""Any SDK, any model, through the edge: what a desktop or a script points at one origin."""

import asyncio
import http.client
import json
from typing import Any

import pytest
from anthropic import AsyncAnthropic
from google import genai
from google.genai import types
from openai import AsyncOpenAI

from tests.acceptance.product import Product

MODELS = ("gpt-5", "claude-3.5-sonnet", "gemini-2.0-pro")
PROMPT = 'sim: {"text": "any SDK any model"}'
ANSWER = "any SDK any model"


@pytest.mark.parametrize("model", MODELS)
async def test_every_sdk_streams_every_model_through_the_edge(product: Product, model: str) -> None:
    url, token = f"http://localhost:{product.port}", product.token()
    message: Any = {"role": "user", "content": PROMPT}
    async with AsyncOpenAI(api_key=token, base_url=f"{url}/v1", max_retries=0) as openai:
        chunks = await openai.chat.completions.create(model=model, messages=[message], stream=True)
        texts = [c.choices[0].delta.content or "" async for c in chunks if c.choices]
        assert "".join(texts) == ANSWER
        assert (await openai.responses.create(model=model, input=PROMPT)).output_text == ANSWER
    async with AsyncAnthropic(api_key=token, base_url=url, max_retries=0) as claude:
        async with claude.messages.stream(model=model, max_tokens=50, messages=[message]) as stream:
            assert await stream.get_final_text() == ANSWER
    gemini = genai.Client(api_key=token, http_options=types.HttpOptions(base_url=url)).aio
    pieces = await gemini.models.generate_content_stream(model=model, contents=PROMPT)
    assert "".join([piece.text or "" async for piece in pieces]) == ANSWER
    await gemini.aclose()


async def test_a_key_made_over_the_api_works_until_it_is_revoked(product: Product) -> None:
    token = product.token()
    status, made = _send(product, "POST", "/v1/api-keys", token, {"name": "script"})
    assert status == 201
    body = {"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]}
    path = "/v1/chat/completions"
    assert _send(product, "POST", path, made["secret"], body)[0] == 200
    assert _send(product, "DELETE", f"/v1/api-keys/{made['id']}", token)[0] == 204
    async with asyncio.timeout(2):
        while _send(product, "POST", path, made["secret"], body)[0] != 401:
            await asyncio.sleep(0.05)


def test_the_vendors_keys_are_checked_and_compared(product: Product) -> None:
    checked = product.command("providers", "check")
    assert checked.returncode == 0
    assert all(name in checked.stdout for name in ("openai", "anthropic", "google"))
    compared = product.command("models", "sync")
    assert compared.returncode == 0
    assert "o4-mini" in compared.stdout
    priced = product.command("models", "sync", "--prices")
    assert (priced.returncode, "no changes" in priced.stdout) == (0, True)


def _send(
    product: Product, method: str, path: str, token: str, body: Any = None
) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("localhost", product.port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text else None
