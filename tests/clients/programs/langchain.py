"""LangChain: one chat model per vendor's package, used in the same way."""

from collections.abc import AsyncIterator
from typing import Any

from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

from tests.clients.programs import cases
from tests.clients.programs.cases import Case, Outcome


class Forecast(BaseModel):
    """How long the weather stays."""

    city: str
    days: int


def model(case: Case) -> Any:
    match case.client:
        case "langchain-openai":
            return ChatOpenAI(model=case.model, base_url=case.openai_url, api_key=case.key)
        case "langchain-openai-responses":
            return ChatOpenAI(
                model=case.model,
                base_url=case.openai_url,
                api_key=case.key,
                use_responses_api=True,
            )
        case "langchain-anthropic":
            return ChatAnthropic(model=case.model, base_url=case.url, api_key=case.key)
    return ChatGoogleGenerativeAI(model=case.model, base_url=case.url, google_api_key=case.key)


async def plain(case: Case) -> Outcome:
    return cases.text((await model(case).ainvoke(case.text)).text)


async def stream(case: Case) -> AsyncIterator[str]:
    async for chunk in model(case).astream(case.text):
        yield chunk.text


async def tool_round(case: Case) -> Outcome:
    called = []

    @tool
    def weather(city: str) -> str:
        """The weather in a city."""
        called.append({"city": city})
        return "sunny"

    able = model(case).bind_tools([weather])
    turns: list[Any] = [HumanMessage(case.text)]
    first = await able.ainvoke(turns)
    results = [
        ToolMessage(weather.invoke(call["args"]), tool_call_id=call["id"])
        for call in first.tool_calls
    ]
    last = await able.ainvoke([*turns, first, *results])
    return {"text": last.text, "called": called}


async def structured(case: Case) -> Outcome:
    parsed = await model(case).with_structured_output(Forecast).ainvoke(case.text)
    return {"parsed": parsed.model_dump()}


async def image(case: Case) -> Outcome:
    picture = {"type": "image", "base64": case.image, "mime_type": "image/png"}
    message = HumanMessage([{"type": "text", "text": case.text}, picture])
    return cases.text((await model(case).ainvoke([message])).text)


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
