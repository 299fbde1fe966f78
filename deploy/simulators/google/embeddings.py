"""`embedContent` and `batchEmbedContents`.

Source: Gemini API reference, https://ai.google.dev/api/embeddings.
"""

from typing import Any

from aiohttp import web

from deploy.simulators import directive as directives
from deploy.simulators import validation
from deploy.simulators.google.errors import invalid
from deploy.simulators.google.requests import BatchRequest, EmbedRequest, camel
from deploy.simulators.playback import Work
from deploy.simulators.vectors import vector

DIMENSIONS = 3072


def embed(body: Any, _: web.Request) -> Work:
    """Raises `Violation`, `Refusal`, or ValueError for a wrong directive."""
    parsed = validation.read(camel(body), EmbedRequest)
    text = _text(parsed)
    return Work(
        directives.read(text), lambda: {"embedding": _values(parsed, text)}, prompt_text=text
    )


def embed_batch(body: Any, _: web.Request) -> Work:
    """Raises `Violation`, `Refusal`, or ValueError for a wrong directive."""
    parsed = validation.read(camel(body), BatchRequest).requests
    texts = [_text(each) for each in parsed]
    prompt_text = "\n".join(texts)

    def response() -> dict[str, Any]:
        pairs = zip(parsed, texts, strict=True)
        return {"embeddings": [_values(each, text) for each, text in pairs]}

    return Work(directives.read(prompt_text), response, prompt_text=prompt_text)


def _text(parsed: EmbedRequest) -> str:
    text = "\n".join(part.text for part in parsed.content.parts if isinstance(part.text, str))
    if not text:
        raise invalid("* EmbedContentRequest.content: content is empty\n")
    return text


def _values(parsed: EmbedRequest, text: str) -> dict[str, Any]:
    return {"values": vector(text, parsed.output_dimensionality or DIMENSIONS)}
