"""LiteLLM as a client: its OpenAI, Anthropic and Gemini providers pointed at Headrace."""

import json
from collections.abc import AsyncIterator
from typing import Any

import litellm

from tests.clients.programs import cases
from tests.clients.programs.cases import Case, Outcome

_PREFIX = {"litellm-openai": "openai", "litellm-anthropic": "anthropic", "litellm-gemini": "gemini"}
_TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather in a city.",
        "parameters": cases.WEATHER,
    },
}
_FORMAT = {
    "type": "json_schema",
    "json_schema": {"name": "forecast", "schema": cases.FORECAST, "strict": True},
}


async def ask(case: Case, messages: list[Any], **fields: Any) -> Any:
    kind = _PREFIX[case.client]
    return await litellm.acompletion(
        model=f"{kind}/{case.model}",
        messages=messages,
        api_key=case.key,
        api_base=case.openai_url if kind == "openai" else base(case),
        **fields,
    )


def base(case: Case) -> str:
    return f"{case.url}/v1beta" if case.client == "litellm-gemini" else case.url


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


async def plain(case: Case) -> Outcome:
    answer = await ask(case, [user(case.text)])
    return cases.text(answer.choices[0].message.content)


async def stream(case: Case) -> AsyncIterator[str]:
    chunks = await ask(case, [user(case.text)], stream=True)
    try:
        async for chunk in chunks:
            yield chunk.choices[0].delta.content or ""
    finally:
        await chunks.aclose()


async def tool_round(case: Case) -> Outcome:
    first = (await ask(case, [user(case.text)], tools=[_TOOL])).choices[0].message
    calls = first.tool_calls
    results = [{"role": "tool", "tool_call_id": call.id, "content": "sunny"} for call in calls]
    last = await ask(case, [user(case.text), first, *results], tools=[_TOOL])
    called = [json.loads(call.function.arguments) for call in calls]
    return {"text": last.choices[0].message.content, "called": called}


async def structured(case: Case) -> Outcome:
    answer = await ask(case, [user(case.text)], response_format=_FORMAT)
    return {"parsed": json.loads(answer.choices[0].message.content)}


async def image(case: Case) -> Outcome:
    picture = {"type": "image_url", "image_url": {"url": case.image_url}}
    answer = await ask(case, [user([{"type": "text", "text": case.text}, picture])])
    return cases.text(answer.choices[0].message.content)


if __name__ == "__main__":
    cases.main(
        {
            "plain": plain,
            "streamed": lambda case: cases.drained(stream(case)),
            "tool": tool_round,
            "structured": structured,
            "image": image,
            "abort": lambda case: cases.left(stream(case)),
        }
    )
