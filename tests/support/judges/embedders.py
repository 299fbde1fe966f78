"""OpenAI's and Google's SDKs as clients for embeddings: the same texts, each SDK's own fields."""

import base64
import struct
from dataclasses import dataclass
from typing import Any

from google.genai import types

from tests.support.judges.harness import Harness


@dataclass(frozen=True)
class Embedded:
    """`charged` is in credits; `tokens` is the count that the SDK reports, where it does."""

    vectors: list[list[float]]
    charged: float
    tokens: int | None = None


async def by_openai(harness: Harness, model: str, **fields: Any) -> Embedded:
    client: Any = harness.judges["chat"].client  # type: ignore[attr-defined]
    answer = await client.embeddings.create(model=model, **fields)
    assert answer.model == model
    assert answer.credits["deducted"] == answer.usage.credits_used
    assert [each.index for each in answer.data] == list(range(len(answer.data)))
    vectors = [_unpacked(each.embedding) for each in answer.data]
    return Embedded(vectors, answer.usage.credits_used, answer.usage.total_tokens)


def _unpacked(vector: Any) -> list[float]:
    if not isinstance(vector, str):
        return list(vector)
    raw = base64.b64decode(vector)
    return list(struct.unpack(f"<{len(raw) // 4}f", raw))


async def by_google(
    harness: Harness, model: str, contents: Any, config: dict[str, Any] | None = None
) -> Embedded:
    client: Any = harness.judges["generate"].client  # type: ignore[attr-defined]
    answer = await client.models.embed_content(
        model=model, contents=contents, config=types.EmbedContentConfig(**(config or {}))
    )
    charged = answer.sdk_http_response.headers["x-credits-charged"]
    return Embedded([each.values for each in answer.embeddings], float(charged))
