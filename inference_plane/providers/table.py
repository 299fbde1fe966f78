"""The providers there are, and the dialects that each speaks.

The first dialect of a provider is the one that prompts are translated into; where a caller speaks
one of them, bytes pass through untouched.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec

from inference_plane.core.decoder import Outgoing
from inference_plane.core.prompt import Prompt
from inference_plane.core.request import Request
from inference_plane.core.upstream_failure import Verdict
from inference_plane.providers.anthropic import encode as anthropic_messages
from inference_plane.providers.anthropic.map_error import explain as explain_anthropic
from inference_plane.providers.google import encode as google_generate
from inference_plane.providers.google.map_error import explain as explain_google
from inference_plane.providers.openai import chat_encode, embeddings, responses
from inference_plane.providers.openai.map_error import explain as explain_openai
from shared.catalogue import Route

CHAT, RESPONSES, EMBEDDINGS = "chat", "responses", "embeddings"
MESSAGES, GENERATE = "messages", "generate"

_write = msgspec.json.Encoder().encode
Patch = Callable[[Request, Route, int | None], Outgoing]
Encode = Callable[[Prompt, Route, int | None], Outgoing]
Explain = Callable[[int, bytes, Mapping[str, str]], Verdict]


def _unpatched(request: Request, route: Route) -> bytes:
    return _write(request.fields | {"model": route.upstream_model})


def _wrapped(request: Request, route: Route) -> bytes:
    """Google counts contents alone, or a whole request, which must name its model once more."""
    whole = request.fields | {"model": f"models/{route.upstream_model}"}
    return _write({"generateContentRequest": whole})


@dataclass(frozen=True, slots=True)
class Provider:
    """`authorize` turns a key into headers. `bills_on`: leaving does not stop the bill.

    `hottest` is the greatest temperature that a model takes; None for one that takes none.
    `counts` are the paths, by dialect, where tokens are counted; `counted` is the body to send.
    """

    name: str
    patches: Mapping[str, Patch]
    encode: Encode
    explain: Explain
    authorize: Callable[[str], dict[str, str]]
    hottest: Callable[[str], float | None]
    counts: Mapping[str, str] = field(default_factory=dict)
    counted: Callable[[Request, Route], bytes] = _unpatched
    bills_on: bool = False


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def _anthropic(key: str) -> dict[str, str]:
    return {"x-api-key": key, "anthropic-version": "2023-06-01"}


def _google(key: str) -> dict[str, str]:
    return {"x-goog-api-key": key}


PROVIDERS: dict[str, Provider] = {
    each.name: each
    for each in (
        Provider(
            "openai",
            {CHAT: chat_encode.patch, RESPONSES: responses.patch, EMBEDDINGS: embeddings.patch},
            chat_encode.encode,
            explain_openai,
            _bearer,
            chat_encode.hottest,
        ),
        Provider(
            "anthropic",
            {MESSAGES: anthropic_messages.patch},
            anthropic_messages.encode,
            explain_anthropic,
            _anthropic,
            lambda _: 1.0,
            counts={MESSAGES: "/v1/messages/count_tokens"},
        ),
        Provider(
            "google",
            {GENERATE: google_generate.patch},
            google_generate.encode,
            explain_google,
            _google,
            lambda _: 2.0,
            counts={GENERATE: "/v1beta/models/{model}:countTokens"},
            counted=_wrapped,
            bills_on=True,
        ),
    )
}
