"""OpenAI's Agents SDK, over the Responses API and over Chat Completions."""

import json
from collections.abc import AsyncIterator
from typing import Any

from agents import (
    Agent,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    function_tool,
    set_tracing_disabled,
)
from openai import AsyncOpenAI
from pydantic import BaseModel

from tests.clients.programs import cases
from tests.clients.programs.cases import Case, Outcome


class Forecast(BaseModel):
    """How long the weather stays."""

    city: str
    days: int


def agent(case: Case, **fields: Any) -> Agent:
    client = AsyncOpenAI(base_url=case.openai_url, api_key=case.key)
    responses = case.client == "openai-agents"
    kind = OpenAIResponsesModel if responses else OpenAIChatCompletionsModel
    model = kind(model=case.model, openai_client=client)
    return Agent(name="Assistant", instructions="Be brief.", model=model, **fields)


async def plain(case: Case) -> Outcome:
    return cases.text((await Runner.run(agent(case), case.text)).final_output)


async def stream(case: Case) -> AsyncIterator[str]:
    run = Runner.run_streamed(agent(case), case.text)
    try:
        async for event in run.stream_events():
            data = getattr(event, "data", None)
            if data is not None and data.type == "response.output_text.delta":
                yield data.delta
    finally:
        run.cancel()


async def tool_round(case: Case) -> Outcome:
    called = []

    @function_tool
    def weather(city: str) -> str:
        """The weather in a city."""
        called.append({"city": city})
        return "sunny"

    result = await Runner.run(agent(case, tools=[weather]), case.text)
    return {"text": result.final_output, "called": called}


async def structured(case: Case) -> Outcome:
    result = await Runner.run(agent(case, output_type=Forecast), case.text)
    return {"parsed": json.loads(result.final_output.model_dump_json())}


async def image(case: Case) -> Outcome:
    content = [
        {"type": "input_text", "text": case.text},
        {"type": "input_image", "image_url": case.image_url, "detail": "auto"},
    ]
    result = await Runner.run(agent(case), [{"role": "user", "content": content}])
    return cases.text(result.final_output)


if __name__ == "__main__":
    set_tracing_disabled(True)
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
