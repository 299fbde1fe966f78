"""Instructor: structured output over each vendor's SDK. What it returns is always an object."""

from collections.abc import AsyncIterator
from typing import Any

import instructor
from anthropic import AsyncAnthropic
from google import genai
from instructor.processing.multimodal import Image
from openai import AsyncOpenAI
from pydantic import BaseModel

from tests.clients.programs import cases
from tests.clients.programs.cases import Case, Outcome


class Forecast(BaseModel):
    """How long the weather stays."""

    city: str
    days: int


def client(case: Case) -> Any:
    match case.client:
        case "instructor-openai":
            return instructor.from_openai(AsyncOpenAI(base_url=case.openai_url, api_key=case.key))
        case "instructor-anthropic":
            return instructor.from_anthropic(AsyncAnthropic(base_url=case.url, api_key=case.key))
    options = genai.types.HttpOptions(base_url=case.url)
    return instructor.from_genai(
        genai.Client(api_key=case.key, http_options=options), use_async=True
    )


def fields(case: Case, content: Any) -> dict[str, Any]:
    limit = {"max_tokens": 2000} if case.client == "instructor-anthropic" else {}
    return {
        "model": case.model,
        "messages": [{"role": "user", "content": content}],
        "max_retries": 1,
        **limit,
    }


async def structured(case: Case) -> Outcome:
    parsed = await client(case).chat.completions.create(
        response_model=Forecast, **fields(case, case.text)
    )
    return {"parsed": parsed.model_dump()}


async def stream(case: Case) -> AsyncIterator[str]:
    partial = client(case).chat.completions.create_partial(
        response_model=Forecast, **fields(case, case.text)
    )
    async for each in partial:
        yield each.model_dump_json()


async def streamed(case: Case) -> Outcome:
    states = [each async for each in stream(case)]
    return {"parsed": Forecast.model_validate_json(states[-1]).model_dump(), "pieces": len(states)}


async def image(case: Case) -> Outcome:
    content = [case.text, Image.from_base64(case.image_url)]
    parsed = await client(case).chat.completions.create(
        response_model=Forecast, **fields(case, content)
    )
    return {"parsed": parsed.model_dump()}


if __name__ == "__main__":
    cases.main(
        {
            "plain": structured,
            "streamed": streamed,
            "structured": structured,
            "image": image,
        }
    )
