"""Haystack: a chat generator per vendor's package, used in the same way."""

import contextlib
import json
from typing import Any

from haystack.components.agents import Agent
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage, ImageContent, StreamingChunk
from haystack.tools import Tool
from haystack.utils import Secret
from haystack_integrations.components.generators.anthropic import AnthropicChatGenerator
from haystack_integrations.components.generators.google_genai import GoogleGenAIChatGenerator
from pydantic import BaseModel

from tests.clients.programs import cases
from tests.clients.programs.cases import Case, Outcome


class Forecast(BaseModel):
    """How long the weather stays."""

    city: str
    days: int


def generator(case: Case, **fields: Any) -> Any:
    key = Secret.from_token(case.key)
    match case.client:
        case "haystack-openai":
            return OpenAIChatGenerator(
                api_key=key, model=case.model, api_base_url=case.openai_url, **fields
            )
        case "haystack-anthropic":
            return AnthropicChatGenerator(api_key=key, model=case.model, **fields)
    return GoogleGenAIChatGenerator(api_key=key, model=case.model, **fields)


def say(case: Case, **fields: Any) -> str:
    found = generator(case, **fields).run([ChatMessage.from_user(case.text)])
    return str(found["replies"][0].text)


def streamed(case: Case) -> Outcome:
    heard: list[str] = []

    def hear(chunk: StreamingChunk) -> None:
        heard.append(chunk.content)

    say(case, streaming_callback=hear)
    return cases.pieces(heard)


def tool_round(case: Case) -> Outcome:
    called = []

    def weather(city: str) -> str:
        called.append({"city": city})
        return "sunny"

    tool = Tool("weather", "The weather in a city.", cases.WEATHER, weather)
    agent = Agent(chat_generator=generator(case), tools=[tool])
    result = agent.run([ChatMessage.from_user(case.text)])
    return {"text": result["messages"][-1].text, "called": called}


def structured(case: Case) -> Outcome:
    return {"parsed": json.loads(say(case, generation_kwargs={"response_format": Forecast}))}


def image(case: Case) -> Outcome:
    picture = ImageContent(base64_image=case.image, mime_type="image/png")
    message = ChatMessage.from_user(content_parts=[case.text, picture])
    return cases.text(generator(case).run([message])["replies"][0].text)


class _Left(Exception):
    """Leaves a stream from inside its callback, the only way that Haystack has."""


def abort(case: Case) -> str:
    heard: list[str] = []

    def hear(chunk: StreamingChunk) -> None:
        if chunk.content:
            heard.append(chunk.content)
            raise _Left

    # The Google component raises an error of its own from ours.
    with contextlib.suppress(_Left, RuntimeError):
        say(case, streaming_callback=hear)
    return heard[0]


if __name__ == "__main__":
    cases.main(
        {
            "plain": lambda case: cases.threaded(lambda: cases.text(say(case))),
            "streamed": lambda case: cases.threaded(lambda: streamed(case)),
            "tool": lambda case: cases.threaded(lambda: tool_round(case)),
            "structured": lambda case: cases.threaded(lambda: structured(case)),
            "image": lambda case: cases.threaded(lambda: image(case)),
            "abort": lambda case: cases.aborted(lambda: abort(case)),
        }
    )
