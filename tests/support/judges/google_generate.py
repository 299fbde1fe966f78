"""google-genai on Gemini's surface: buffered by `generateContent`, streamed as events."""

from typing import Any

from google import genai
from google.genai import types

from tests.support.judges.received import Attachment, OfferedTool, Received, ToolCall


class GenerateJudge:
    """Its types keep only documented fields, so our own object cannot be read through this SDK."""

    surface = "generate"

    def __init__(self, url: str, key: str) -> None:
        options = types.HttpOptions(base_url=url)
        self._client = genai.Client(api_key=key, http_options=options)
        self.client = self._client.aio

    async def send(
        self, model: str, turns: list[Any], *, streamed: bool = False, **fields: Any
    ) -> Received:
        arguments: Any = {"model": model, "contents": turns, "config": _config(fields)}
        if not streamed:
            answer = await self.client.models.generate_content(**arguments)
            return _heard([answer])
        chunks = await self.client.models.generate_content_stream(**arguments)
        return _heard([chunk async for chunk in chunks])

    def open(self, model: str, turns: list[Any], **fields: Any) -> Any:
        return self.client.models.generate_content_stream(
            model=model, contents=turns, config=_config(fields)
        )

    def user(self, text: str, *attachment: Attachment) -> list[Any]:
        parts = [types.Part(text=text), *map(_part, attachment)]
        return [types.Content(role="user", parts=parts)]

    def results(self, received: Received, *texts: str) -> list[Any]:
        parts = [
            types.Part(
                function_response=types.FunctionResponse(
                    id=call.id, name=call.name, response={"output": each}
                )
            )
            for call, each in zip(received.calls, texts, strict=True)
        ]
        return [types.Content(role="user", parts=parts)]

    def tools(self, *offered: OfferedTool) -> dict[str, Any]:
        declared = [
            types.FunctionDeclaration(
                name=each.name,
                description=each.description,
                parameters_json_schema=each.parameters,
            )
            for each in offered
        ]
        return {"tools": [types.Tool(function_declarations=declared)]}

    def schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {"response_mime_type": "application/json", "response_json_schema": schema}

    def thinking(self) -> dict[str, Any]:
        config = types.ThinkingConfig(include_thoughts=True, thinking_budget=1_024)
        return {"thinking_config": config, "max_output_tokens": 3_000}

    async def close(self) -> None:
        await self.client.aclose()
        self._client.close()


def _config(fields: dict[str, Any]) -> types.GenerateContentConfig:
    by_hand = types.AutomaticFunctionCallingConfig(disable=True)
    return types.GenerateContentConfig(automatic_function_calling=by_hand, **fields)


def _part(attachment: Attachment) -> types.Part:
    if attachment.url:
        return types.Part.from_uri(file_uri=attachment.url, mime_type=attachment.media_type)
    return types.Part.from_bytes(data=attachment.data, mime_type=attachment.media_type)


def _heard(chunks: list[Any]) -> Received:
    contents = [c.candidates[0].content for c in chunks if c.candidates and c.candidates[0].content]
    parts = [part for content in contents for part in content.parts or ()]
    last, usage = chunks[-1], chunks[-1].usage_metadata
    calls = [part.function_call for part in parts if part.function_call]
    headers = last.sdk_http_response.headers
    charged = headers.get("x-credits-charged") if len(chunks) == 1 else None
    return Received(
        text="".join(part.text for part in parts if part.text and not part.thought),
        thoughts="".join(part.text for part in parts if part.text and part.thought),
        calls=[ToolCall(call.id, call.name, call.args) for call in calls],
        reason=last.candidates[0].finish_reason.value if last.candidates else "",
        turn=[types.Content(role="model", parts=parts)],
        prompt=usage.prompt_token_count,
        cached=usage.cached_content_token_count or 0,
        output=(usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0),
        used=float(charged) if charged else None,
        answers=len(last.candidates or ()),
    )
