"""smolagents: its OpenAI model, and an agent that calls a tool by writing code."""

import json
from collections.abc import Iterator
from typing import Any

from smolagents import ChatMessage, CodeAgent, MessageRole, OpenAIModel, tool

from tests.clients.programs import cases
from tests.clients.programs.cases import Case, Outcome

_FORMAT = {
    "type": "json_schema",
    "json_schema": {"name": "forecast", "schema": cases.FORECAST, "strict": True},
}


def model(case: Case) -> Any:
    return OpenAIModel(model_id=case.model, api_base=case.openai_url, api_key=case.key)


def user(case: Case, *parts: dict[str, Any]) -> list[ChatMessage]:
    content = [{"type": "text", "text": case.text}, *parts]
    return [ChatMessage(role=MessageRole.USER, content=content)]


def stream(case: Case) -> Iterator[str]:
    for delta in model(case).generate_stream(user(case)):
        yield delta.content or ""


def plain(case: Case) -> Outcome:
    return cases.text(model(case).generate(user(case)).content)


def tool_round(case: Case) -> Outcome:
    called = []

    @tool
    def weather(city: str) -> str:
        """The weather in a city.

        Args:
            city: The name of the city.
        """
        called.append({"city": city})
        return "sunny"

    agent = CodeAgent(tools=[weather], model=model(case), max_steps=2, verbosity_level=0)
    return {"text": str(agent.run(case.text)), "called": called}


def structured(case: Case) -> Outcome:
    answer = model(case).generate(user(case), response_format=_FORMAT)
    return {"parsed": json.loads(answer.content)}


def image(case: Case) -> Outcome:
    picture = {"type": "image_url", "image_url": {"url": case.image_url}}
    return cases.text(model(case).generate(user(case, picture)).content)


if __name__ == "__main__":
    cases.main(
        {
            "plain": lambda case: cases.threaded(lambda: plain(case)),
            "streamed": lambda case: cases.threaded(lambda: cases.pieces(list(stream(case)))),
            "tool": lambda case: cases.threaded(lambda: tool_round(case)),
            "structured": lambda case: cases.threaded(lambda: structured(case)),
            "image": lambda case: cases.threaded(lambda: image(case)),
            "abort": lambda case: cases.aborted(lambda: cases.left_now(stream(case))),
        }
    )
