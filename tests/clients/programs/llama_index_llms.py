"""LlamaIndex: one LLM class per vendor's package, used in the same way."""

import base64
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.base.llms.types import ChatMessage, ImageBlock, TextBlock
from llama_index.core.tools import FunctionTool
from llama_index.llms.anthropic import Anthropic
from llama_index.llms.google_genai import GoogleGenAI
from llama_index.llms.openai_like import OpenAILike
from pydantic import BaseModel

from tests.clients.programs import cases
from tests.clients.programs.cases import Case, Outcome


class Forecast(BaseModel):
    """How long the weather stays."""

    city: str
    days: int


def llm(case: Case) -> Any:
    match case.client:
        case "llamaindex-openai":
            return OpenAILike(
                model=case.model,
                api_base=case.openai_url,
                api_key=case.key,
                is_chat_model=True,
                is_function_calling_model=True,
            )
        case "llamaindex-anthropic":
            return Anthropic(model=case.model, base_url=case.url, api_key=case.key)
    return GoogleGenAI(
        model=case.model, api_key=case.key, http_options={"base_url": case.url}, max_tokens=4096
    )


def messages(case: Case) -> list[ChatMessage]:
    return [ChatMessage(role="user", content=case.text)]


async def plain(case: Case) -> Outcome:
    return cases.text((await llm(case).achat(messages(case))).message.content)


async def stream(case: Case) -> AsyncIterator[str]:
    async with aclosing(await llm(case).astream_chat(messages(case))) as chunks:
        async for chunk in chunks:
            yield chunk.delta or ""


async def tool_round(case: Case) -> Outcome:
    called = []

    async def weather(city: str) -> str:
        """The weather in a city."""
        called.append({"city": city})
        return "sunny"

    tools = [FunctionTool.from_defaults(async_fn=weather)]
    agent = FunctionAgent(tools=tools, llm=llm(case), system_prompt="Be brief.")
    return {"text": str(await agent.run(case.text)), "called": called}


async def structured(case: Case) -> Outcome:
    answer = await llm(case).as_structured_llm(Forecast).achat(messages(case))
    return {"parsed": answer.raw.model_dump()}


async def image(case: Case) -> Outcome:
    picture = ImageBlock(image=base64.b64decode(case.image), image_mimetype="image/png")
    message = ChatMessage(role="user", blocks=[TextBlock(text=case.text), picture])
    return cases.text((await llm(case).achat([message])).message.content)


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
