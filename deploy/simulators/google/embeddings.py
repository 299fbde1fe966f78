"""`embedContent` and `batchEmbedContents`."""

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
    """Raises `Misfit`, `Refusal`, or ValueError for a wrong directive."""
    asked = validation.read(camel(body), EmbedRequest)
    text = _text(asked)
    return Work(directives.read(text), lambda: {"embedding": _values(asked, text)}, said=text)


def embed_batch(body: Any, _: web.Request) -> Work:
    """Raises `Misfit`, `Refusal`, or ValueError for a wrong directive."""
    asked = validation.read(camel(body), BatchRequest).requests
    texts = [_text(each) for each in asked]
    said = "\n".join(texts)

    def whole() -> dict[str, Any]:
        pairs = zip(asked, texts, strict=True)
        return {"embeddings": [_values(each, text) for each, text in pairs]}

    return Work(directives.read(said), whole, said=said)


def _text(asked: EmbedRequest) -> str:
    text = "\n".join(part.text for part in asked.content.parts if isinstance(part.text, str))
    if not text:
        raise invalid("* EmbedContentRequest.content: content is empty\n")
    return text


def _values(asked: EmbedRequest, text: str) -> dict[str, Any]:
    return {"values": vector(text, asked.output_dimensionality or DIMENSIONS)}
