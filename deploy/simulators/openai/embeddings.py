"""`/v1/embeddings`: a vector for each input, as numbers or as base64 of little-endian floats."""

import base64
import struct
from typing import Annotated, Any, Literal

from aiohttp import web
from msgspec import Meta

from deploy.simulators import directive as directives
from deploy.simulators import validation
from deploy.simulators.openai import errors
from deploy.simulators.openai.chat import check_model
from deploy.simulators.openai.completions import prompts_of
from deploy.simulators.playback import Work
from deploy.simulators.token_counts import text_tokens
from deploy.simulators.vectors import vector

INPUTS_MAX = 2048


class EmbeddingRequest(validation.Strict):
    """The body of `/v1/embeddings`."""

    input: str | list[str | int | list[int]]
    model: str
    dimensions: Annotated[int, Meta(ge=1, le=3072)] | None = None
    encoding_format: Literal["float", "base64"] | None = None
    user: str | None = None


def prepare(body: Any, _: web.Request) -> Work:
    """Raises `Misfit`, `Refusal`, or ValueError for a wrong directive."""
    asked = validation.read(body, EmbeddingRequest)
    check_model(asked.model)
    texts = _texts(asked)
    said = "\n".join(texts)
    directive = directives.read(said)
    return Work(directive, lambda: _whole(asked, texts, directive), said=said)


def _texts(asked: EmbeddingRequest) -> list[str]:
    given = asked.input
    if isinstance(given, list) and len({type(each) for each in given}) > 1:
        raise errors.invalid("'$.input' is invalid. Please check the API reference.")
    texts = prompts_of(given) if given else []
    if not texts or any(not text for text in texts):
        message = "Invalid 'input': input cannot be an empty string or an empty array."
        raise errors.invalid(message, "input")
    if len(texts) > INPUTS_MAX:
        message = (
            f"Invalid 'input': array too long. Expected an array with maximum length {INPUTS_MAX}."
        )
        raise errors.invalid(message, "input", "array_above_max_length")
    if asked.dimensions and "ada" in asked.model:
        raise errors.invalid("This model does not support specifying dimensions.")
    return texts


def _whole(asked: EmbeddingRequest, texts: list[str], told: directives.Directive) -> dict[str, Any]:
    size = asked.dimensions or (3072 if "large" in asked.model else 1536)
    data = []
    for number, text in enumerate(texts):
        found = vector(text, size)
        packed = asked.encoding_format == "base64"
        written = base64.b64encode(struct.pack(f"<{size}f", *found)).decode() if packed else found
        data.append({"object": "embedding", "index": number, "embedding": written})
    body: dict[str, Any] = {"object": "list", "data": data, "model": asked.model}
    if told.usage == "missing":
        return body
    tokens = 0 if told.usage == "zero" else sum(text_tokens(text) for text in texts)
    return body | {"usage": {"prompt_tokens": tokens, "total_tokens": tokens}}
