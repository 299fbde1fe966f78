"""Anthropic's SDK on `/v1/messages`."""

from typing import Any

from anthropic import AsyncAnthropic

from tests.support.judges.received import Attachment, OfferedTool, Received, ToolCall


class MessagesJudge:
    surface = "messages"

    def __init__(self, url: str, key: str) -> None:
        self.client = AsyncAnthropic(base_url=url, api_key=key, max_retries=0)

    async def send(
        self, model: str, turns: list[Any], *, streamed: bool = False, **fields: Any
    ) -> Received:
        arguments: Any = {"model": model, "messages": turns, "max_tokens": 1_000} | fields
        if not streamed:
            answer: Any = await self.client.messages.create(**arguments)
            return _heard(answer, answer, answer.usage)
        async with self.client.messages.stream(**arguments) as events:
            last: Any = None
            async for event in events:
                last = event if event.type == "message_delta" else last
            return _heard(await events.get_final_message(), last, last.usage)

    def open(self, model: str, turns: list[Any], **fields: Any) -> Any:
        arguments: Any = {"model": model, "messages": turns, "max_tokens": 1_000} | fields
        return self.client.messages.create(stream=True, **arguments)

    def user(self, text: str, *attachment: Attachment) -> list[Any]:
        content = [*map(_block, attachment), {"type": "text", "text": text}] if attachment else text
        return [{"role": "user", "content": content}]

    def results(self, received: Received, *texts: str) -> list[Any]:
        blocks = [
            {"type": "tool_result", "tool_use_id": call.id, "content": each}
            for call, each in zip(received.calls, texts, strict=True)
        ]
        return [{"role": "user", "content": blocks}]

    def tools(self, *offered: OfferedTool) -> dict[str, Any]:
        written = [
            {"name": each.name, "description": each.description, "input_schema": each.parameters}
            for each in offered
        ]
        return {"tools": written}

    def schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}

    def thinking(self) -> dict[str, Any]:
        return {"thinking": {"type": "enabled", "budget_tokens": 1_024}, "max_tokens": 3_000}

    async def close(self) -> None:
        await self.client.close()


def _block(attachment: Attachment) -> dict[str, Any]:
    kind = "image" if attachment.media_type.startswith("image/") else "document"
    source = {"type": "base64", "media_type": attachment.media_type, "data": attachment.base64}
    return {
        "type": kind,
        "source": {"type": "url", "url": attachment.url} if attachment.url else source,
    }


def _heard(answer: Any, last: Any, usage: Any) -> Received:
    blocks = answer.content
    calls = [block for block in blocks if block.type == "tool_use"]
    cached = usage.cache_read_input_tokens or 0
    prompt = (usage.input_tokens or 0) + cached + (usage.cache_creation_input_tokens or 0)
    return Received(
        text="".join(block.text for block in blocks if block.type == "text"),
        thoughts="".join(block.thinking for block in blocks if block.type == "thinking"),
        calls=[ToolCall(call.id, call.name, call.input) for call in calls],
        reason=answer.stop_reason,
        turn=[{"role": "assistant", "content": blocks}],
        prompt=prompt,
        cached=cached,
        output=usage.output_tokens,
        used=usage.credits_used,
        credits=last.credits,
    )
