"""Pydantic AI: an agent over each vendor's API."""

import base64
from collections.abc import AsyncIterator
from typing import Any

from pydantic import BaseModel
from pydantic_ai import Agent, BinaryContent
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.google import GoogleProvider
from pydantic_ai.providers.openai import OpenAIProvider

from tests.clients.programs import cases
from tests.clients.programs.cases import Case, Outcome


class Forecast(BaseModel):
    """How long the weather stays."""

    city: str
    days: int


def agent(case: Case, **fields: Any) -> Agent[None, Any]:
    return Agent(model(case), **fields)


def model(case: Case) -> Any:
    match case.client:
        case "pydantic-ai-chat":
            provider = OpenAIProvider(base_url=case.openai_url, api_key=case.key)
            return OpenAIChatModel(case.model, provider=provider)
        case "pydantic-ai-responses":
            provider = OpenAIProvider(base_url=case.openai_url, api_key=case.key)
            return OpenAIResponsesModel(case.model, provider=provider)
        case "pydantic-ai-anthropic":
            anthropic = AnthropicProvider(base_url=case.url, api_key=case.key)
            return AnthropicModel(case.model, provider=anthropic)
    return GoogleModel(case.model, provider=GoogleProvider(base_url=case.url, api_key=case.key))


async def plain(case: Case) -> Outcome:
    return cases.text((await agent(case).run(case.text)).output)


async def stream(case: Case) -> AsyncIterator[str]:
    async with agent(case).run_stream(case.text) as result:
        async for piece in result.stream_text(delta=True, debounce_by=None):
            yield piece


async def tool_round(case: Case) -> Outcome:
    called = []

    def weather(city: str) -> str:
        """The weather in a city."""
        called.append({"city": city})
        return "sunny"

    result = await agent(case, tools=[weather]).run(case.text)
    return {"text": result.output, "called": called}


async def structured(case: Case) -> Outcome:
    result = await agent(case, output_type=Forecast).run(case.text)
    return {"parsed": result.output.model_dump()}


async def image(case: Case) -> Outcome:
    picture = BinaryContent(data=base64.b64decode(case.image), media_type="image/png")
    return cases.text((await agent(case).run([case.text, picture])).output)


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
