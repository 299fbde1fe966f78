"""OpenAI's SDK on `/v1/responses`."""

import json
from typing import Any

from openai import AsyncOpenAI

from tests.support.judges.heard import Called, Heard, Offered, Seen


class ResponsesJudge:
    surface = "responses"

    def __init__(self, url: str, key: str) -> None:
        self.client = AsyncOpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)

    async def ask(
        self, model: str, turns: list[Any], *, streamed: bool = False, **fields: Any
    ) -> Heard:
        asked: Any = {"model": model, "input": turns} | fields
        if not streamed:
            return _heard(await self.client.responses.create(**asked))
        async with self.client.responses.stream(**asked) as events:
            last: Any = None
            async for event in events:
                last = event
            return _heard(last.response)

    def open(self, model: str, turns: list[Any], **fields: Any) -> Any:
        return self.client.responses.create(model=model, input=turns, stream=True, **fields)

    def user(self, text: str, *seen: Seen) -> list[Any]:
        content = [{"type": "input_text", "text": text}, *map(_part, seen)] if seen else text
        return [{"role": "user", "content": content}]

    def results(self, heard: Heard, *said: str) -> list[Any]:
        return [
            {"type": "function_call_output", "call_id": call.id, "output": each}
            for call, each in zip(heard.calls, said, strict=True)
        ]

    def tools(self, *offered: Offered) -> dict[str, Any]:
        return {"tools": [{"type": "function", "strict": False} | vars(each) for each in offered]}

    def schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        form = {"type": "json_schema", "name": "answer", "schema": schema, "strict": True}
        return {"text": {"format": form}}

    def thinking(self) -> dict[str, Any]:
        return {
            "reasoning": {"effort": "low", "summary": "auto"},
            "max_output_tokens": 3_000,
            "include": ["reasoning.encrypted_content"],
            "store": False,
        }

    async def close(self) -> None:
        await self.client.close()


def _part(seen: Seen) -> dict[str, Any]:
    if seen.media_type.startswith("image/"):
        return {"type": "input_image", "image_url": seen.data_url, "detail": "auto"}
    return {"type": "input_file", "filename": "paper.pdf", "file_data": seen.data_url}


def _heard(answer: Any) -> Heard:
    items, usage = answer.output, answer.usage
    parts = [part for item in items if item.type == "message" for part in item.content]
    calls = [item for item in items if item.type == "function_call"]
    cut = answer.incomplete_details
    return Heard(
        text=answer.output_text,
        thoughts="".join(
            s.text for item in items if item.type == "reasoning" for s in item.summary
        ),
        refusal="".join(part.refusal for part in parts if part.type == "refusal"),
        calls=[Called(c.call_id, c.name, json.loads(c.arguments)) for c in calls],
        reason=cut.reason if cut else answer.status,
        turn=list(items),
        prompt=usage.input_tokens,
        cached=usage.input_tokens_details.cached_tokens,
        output=usage.output_tokens,
        used=usage.credits_used,
        credits=answer.credits,
    )
