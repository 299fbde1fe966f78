"""DSPy: its modules over an OpenAI-compatible endpoint. It writes prompts of its own, in which a
field of the answer follows a line like `[[ ## answer ## ]]`.
"""

from collections.abc import AsyncIterator
from typing import Any

import dspy
from dspy.streaming import StreamListener, StreamResponse
from pydantic import BaseModel

from tests.clients.programs import cases
from tests.clients.programs.cases import Case, Outcome


class Forecast(BaseModel):
    """How long the weather stays."""

    city: str
    days: int


class Describe(dspy.Signature):
    """Describe the picture."""

    question: str = dspy.InputField()
    picture: dspy.Image = dspy.InputField()
    answer: str = dspy.OutputField()


class Predict(dspy.Signature):
    """Predict the weather."""

    question: str = dspy.InputField()
    forecast: Forecast = dspy.OutputField()


def lm(case: Case) -> Any:
    return dspy.LM(
        f"openai/{case.model}",
        api_base=case.openai_url,
        api_key=case.key,
        temperature=1.0,
        max_tokens=16_000,
        cache=False,
        num_retries=0,
    )


async def plain(case: Case) -> Outcome:
    with dspy.context(lm=lm(case)):
        return cases.text(
            (await dspy.Predict("question -> answer").acall(question=case.text)).answer
        )


async def stream(case: Case) -> AsyncIterator[str]:
    listener = StreamListener(signature_field_name="answer")
    program = dspy.streamify(dspy.Predict("question -> answer"), stream_listeners=[listener])
    with dspy.context(lm=lm(case)):
        async for chunk in program(question=case.text):
            if isinstance(chunk, StreamResponse):
                yield chunk.chunk


async def tool_round(case: Case) -> Outcome:
    called = []

    def weather(city: str) -> str:
        """The weather in a city."""
        called.append({"city": city})
        return "sunny"

    react = dspy.ReAct("question -> answer", tools=[weather], max_iters=1)
    with dspy.context(lm=lm(case)):
        result = await react.acall(question=case.text)
    return {"text": result.answer, "called": called}


async def structured(case: Case) -> Outcome:
    with dspy.context(lm=lm(case), adapter=dspy.JSONAdapter()):
        result = await dspy.Predict(Predict).acall(question=case.text)
    return {"parsed": result.forecast.model_dump()}


async def image(case: Case) -> Outcome:
    picture = dspy.Image(case.image_url)
    with dspy.context(lm=lm(case)):
        result = await dspy.Predict(Describe).acall(question=case.text, picture=picture)
    return cases.text(result.answer)


if __name__ == "__main__":
    cases.main(
        {
            "plain": plain,
            "streamed": lambda case: cases.drained(stream(case)),
            "tool": tool_round,
            "structured": structured,
            "image": image,
        }
    )
