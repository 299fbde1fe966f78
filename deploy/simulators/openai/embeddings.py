"""`/v1/embeddings`: a vector for each input, as numbers or as base64 of little-endian floats.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/embeddings/create.
"""

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
    """Raises `Violation`, `Refusal`, or ValueError for a wrong directive."""
    parsed = validation.read(body, EmbeddingRequest)
    check_model(parsed.model)
    texts = _texts(parsed)
    prompt_text = "\n".join(texts)
    directive = directives.read(prompt_text)
    return Work(directive, lambda: _response(parsed, texts, directive), prompt_text=prompt_text)


def _texts(parsed: EmbeddingRequest) -> list[str]:
    value = parsed.input
    if isinstance(value, list) and len({type(each) for each in value}) > 1:
        raise errors.invalid("'$.input' is invalid. Please check the API reference.")
    texts = prompts_of(value) if value else []
    if not texts or any(not text for text in texts):
        message = "Invalid 'input': input cannot be an empty string or an empty array."
        raise errors.invalid(message, "input")
    if len(texts) > INPUTS_MAX:
        message = (
            f"Invalid 'input': array too long. Expected an array with maximum length {INPUTS_MAX}."
        )
        raise errors.invalid(message, "input", "array_above_max_length")
    if parsed.dimensions and "ada" in parsed.model:
        raise errors.invalid("This model does not support specifying dimensions.")
    return texts


def _response(
    parsed: EmbeddingRequest, texts: list[str], directive: directives.Directive
) -> dict[str, Any]:
    size = parsed.dimensions or (3072 if "large" in parsed.model else 1536)
    data = []
    for number, text in enumerate(texts):
        found = vector(text, size)
        packed = parsed.encoding_format == "base64"
        written = base64.b64encode(struct.pack(f"<{size}f", *found)).decode() if packed else found
        data.append({"object": "embedding", "index": number, "embedding": written})
    body: dict[str, Any] = {"object": "list", "data": data, "model": parsed.model}
    if directive.usage == "missing":
        return body
    tokens = 0 if directive.usage == "zero" else sum(text_tokens(text) for text in texts)
    return body | {"usage": {"prompt_tokens": tokens, "total_tokens": tokens}}
