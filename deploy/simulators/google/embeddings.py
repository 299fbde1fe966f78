"""`embedContent` and `batchEmbedContents`.

Source: Gemini API reference, https://ai.google.dev/api/embeddings, for the usage
https://ai.google.dev/api/embeddings#EmbeddingUsageMetadata. Source of the words: errors as users
quote them, https://github.com/langchain-ai/langchainjs/issues/4491 (size of a batch) and
https://github.com/agent0ai/agent-zero/issues/372 (name of the model).
"""

from typing import Any

from aiohttp import web

from deploy.simulators import directive as directives
from deploy.simulators import validation
from deploy.simulators.google.errors import invalid, missing_model
from deploy.simulators.google.requests import BatchRequest, EmbedRequest, camel
from deploy.simulators.google.stored import check_stored
from deploy.simulators.playback import Work
from deploy.simulators.token_counts import text_tokens
from deploy.simulators.vectors import vector

DIMENSIONS = 3072
BATCH_MAX = 100


def embed(body: Any, request: web.Request) -> Work:
    """Raises `Violation`, `Refusal`, or ValueError for a wrong directive."""
    value = camel(body)
    parsed = validation.read(value, EmbedRequest)
    check_stored({"contents": value["content"]})
    _check_model(request.match_info["model"], "embedContent")
    text = _text(parsed)
    directive = directives.read(text)
    return Work(
        directive,
        lambda: {"embedding": _values(parsed, text)} | _usage(directive, [text]),
        prompt_text=text,
    )


def embed_batch(body: Any, request: web.Request) -> Work:
    """Raises `Violation`, `Refusal`, or ValueError for a wrong directive."""
    value = camel(body)
    parsed = validation.read(value, BatchRequest).requests
    check_stored({"contents": value})
    model = request.match_info["model"]
    _check_model(model, "batchEmbedContents")
    if len(parsed) > BATCH_MAX:
        most = f"at most {BATCH_MAX} requests can be in one batch"
        raise invalid(f"* BatchEmbedContentsRequest.requests: {most}\n")
    for number, each in enumerate(parsed):
        if each.model != f"models/{model}":
            field = f"BatchEmbedContentsRequest.requests[{number}].model"
            raise invalid(f"* {field}: unexpected model name format\n")
    texts = [_text(each) for each in parsed]
    prompt_text = "\n".join(texts)
    directive = directives.read(prompt_text)

    def response() -> dict[str, Any]:
        pairs = zip(parsed, texts, strict=True)
        vectors = [_values(each, text) for each, text in pairs]
        return {"embeddings": vectors} | _usage(directive, texts)

    return Work(directive, response, prompt_text=prompt_text)


def _check_model(model: str, method: str) -> None:
    """Only embedding models have these methods."""
    if model.startswith("no-such") or "embedding" not in model:
        raise missing_model(model, method)


def _text(parsed: EmbedRequest) -> str:
    text = "\n".join(part.text for part in parsed.content.parts if isinstance(part.text, str))
    if not text:
        raise invalid("* EmbedContentRequest.content: content is empty\n")
    return text


def _values(parsed: EmbedRequest, text: str) -> dict[str, Any]:
    return {"values": vector(text, parsed.output_dimensionality or DIMENSIONS)}


def _usage(directive: directives.Directive, texts: list[str]) -> dict[str, Any]:
    if directive.usage == "missing":
        return {}
    tokens = 0 if directive.usage == "zero" else sum(text_tokens(text) for text in texts)
    details = [{"modality": "TEXT", "tokenCount": tokens}]
    return {"usageMetadata": {"promptTokenCount": tokens, "promptTokenDetails": details}}
