"""OpenAI's SDK on `/v1/chat/completions` and on `/v1/completions`."""

import json
from contextlib import suppress
from typing import Any

from openai import AsyncOpenAI, ContentFilterFinishReasonError, LengthFinishReasonError

from tests.support.judges.received import Attachment, OfferedTool, Received, ToolCall


class ChatJudge:
    surface = "chat"

    def __init__(self, url: str, key: str) -> None:
        self.client = AsyncOpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)

    async def send(
        self, model: str, turns: list[Any], *, streamed: bool = False, **fields: Any
    ) -> Received:
        if not streamed:
            answer = await self.client.chat.completions.create(
                model=model, messages=turns, **fields
            )
            return _heard(answer, answer)
        arguments = {"model": model, "messages": turns} | fields
        async with self.client.chat.completions.stream(**arguments) as events:
            last: Any = None
            with suppress(LengthFinishReasonError, ContentFilterFinishReasonError):
                async for event in events:
                    last = event.chunk if event.type == "chunk" else last
            return _heard(events.current_completion_snapshot, last)

    def open(self, model: str, turns: list[Any], **fields: Any) -> Any:
        return self.client.chat.completions.create(
            model=model, messages=turns, stream=True, **fields
        )

    def user(self, text: str, *attachment: Attachment) -> list[Any]:
        content = [{"type": "text", "text": text}, *map(_part, attachment)] if attachment else text
        return [{"role": "user", "content": content}]

    def results(self, received: Received, *texts: str) -> list[Any]:
        return [
            {"role": "tool", "tool_call_id": call.id, "content": each}
            for call, each in zip(received.calls, texts, strict=True)
        ]

    def tools(self, *offered: OfferedTool) -> dict[str, Any]:
        return {"tools": [{"type": "function", "function": vars(each)} for each in offered]}

    def schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        form = {"name": "answer", "schema": schema, "strict": True}
        return {"response_format": {"type": "json_schema", "json_schema": form}}

    def thinking(self) -> dict[str, Any]:
        return {"reasoning_effort": "low", "max_completion_tokens": 3_000}

    async def close(self) -> None:
        await self.client.close()


def _part(attachment: Attachment) -> dict[str, Any]:
    if attachment.media_type.startswith("image/"):
        return {"type": "image_url", "image_url": {"url": attachment.data_url}}
    file = {"filename": "paper.pdf", "file_data": attachment.data_url}
    return {"type": "file", "file": file}


def _turn(message: Any) -> dict[str, Any]:
    """Drops the index of streamed calls, which OpenAI accepts in no request."""
    turn: dict[str, Any] = message.to_dict(exclude_none=True)
    for call in turn.get("tool_calls") or ():
        call.pop("index", None)
        call["function"].pop("parsed_arguments", None)
    turn.pop("parsed", None)
    return turn


def _heard(answer: Any, last: Any) -> Received:
    message, usage = answer.choices[0].message, last.usage
    calls = message.tool_calls or ()
    return Received(
        text=message.content or "",
        thoughts=getattr(message, "reasoning_content", None) or "",
        refusal=message.refusal or "",
        calls=[ToolCall(c.id, c.function.name, json.loads(c.function.arguments)) for c in calls],
        reason=answer.choices[0].finish_reason,
        turn=[_turn(message)],
        prompt=usage.prompt_tokens,
        cached=usage.prompt_tokens_details.cached_tokens,
        output=usage.completion_tokens,
        used=usage.credits_used,
        credits=last.credits,
        answers=len(answer.choices),
    )


class CompletionsJudge:
    """The legacy surface: text in, text out."""

    surface = "completions"

    def __init__(self, url: str, key: str) -> None:
        self.client = AsyncOpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)

    async def send(
        self, model: str, turns: list[Any], *, streamed: bool = False, **fields: Any
    ) -> Received:
        arguments = {"model": model, "prompt": turns[0]} | fields
        if not streamed:
            answer: Any = await self.client.completions.create(**arguments)
            return _completed(answer, answer.choices[0].text, answer.choices[0].finish_reason)
        text, reason = "", ""
        async for chunk in await self.client.completions.create(stream=True, **arguments):
            for choice in chunk.choices:
                text, reason = text + choice.text, choice.finish_reason or reason
        return _completed(chunk, text, reason)

    def open(self, model: str, turns: list[Any], **fields: Any) -> Any:
        arguments: Any = {"model": model, "prompt": turns[0]} | fields
        return self.client.completions.create(stream=True, **arguments)

    def user(self, text: str, *attachment: Attachment) -> list[Any]:
        return [text]

    async def close(self) -> None:
        await self.client.close()


def _completed(last: Any, text: str, reason: str) -> Received:
    usage = last.usage
    return Received(
        text=text,
        reason=reason,
        prompt=usage.prompt_tokens,
        cached=usage.prompt_tokens_details.cached_tokens,
        output=usage.completion_tokens,
        used=usage.credits_used,
        credits=last.credits,
        answers=len(last.choices),
    )
