"""OpenAI's SDK on `/v1/responses`."""

import json
from typing import Any

from openai import AsyncOpenAI

from tests.support.judges.received import Attachment, OfferedTool, Received, ToolCall


class ResponsesJudge:
    surface = "responses"

    def __init__(self, url: str, key: str) -> None:
        self.client = AsyncOpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)

    async def send(
        self, model: str, turns: list[Any], *, streamed: bool = False, **fields: Any
    ) -> Received:
        arguments: Any = {"model": model, "input": turns} | fields
        if not streamed:
            return _heard(await self.client.responses.create(**arguments))
        async with self.client.responses.stream(**arguments) as events:
            last: Any = None
            async for event in events:
                last = event
            return _heard(last.response)

    def open(self, model: str, turns: list[Any], **fields: Any) -> Any:
        return self.client.responses.create(model=model, input=turns, stream=True, **fields)

    def user(self, text: str, *attachment: Attachment) -> list[Any]:
        content = (
            [{"type": "input_text", "text": text}, *map(_part, attachment)] if attachment else text
        )
        return [{"role": "user", "content": content}]

    def results(self, received: Received, *texts: str) -> list[Any]:
        return [
            {"type": "function_call_output", "call_id": call.id, "output": each}
            for call, each in zip(received.calls, texts, strict=True)
        ]

    def tools(self, *offered: OfferedTool) -> dict[str, Any]:
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


def _part(attachment: Attachment) -> dict[str, Any]:
    if attachment.media_type.startswith("image/"):
        return {"type": "input_image", "image_url": attachment.data_url, "detail": "auto"}
    return {"type": "input_file", "filename": "paper.pdf", "file_data": attachment.data_url}


def _heard(answer: Any) -> Received:
    items, usage = answer.output, answer.usage
    parts = [part for item in items if item.type == "message" for part in item.content]
    calls = [item for item in items if item.type == "function_call"]
    cut = answer.incomplete_details
    return Received(
        text=answer.output_text,
        thoughts="".join(
            s.text for item in items if item.type == "reasoning" for s in item.summary
        ),
        refusal="".join(part.refusal for part in parts if part.type == "refusal"),
        calls=[ToolCall(c.call_id, c.name, json.loads(c.arguments)) for c in calls],
        reason=cut.reason if cut else answer.status,
        turn=list(items),
        prompt=usage.input_tokens,
        cached=usage.input_tokens_details.cached_tokens,
        output=usage.output_tokens,
        used=usage.credits_used,
        credits=answer.credits,
    )
