"""Reads a completion request.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/completions/create.
"""

from typing import Any

from inference_plane.core import tokens
from inference_plane.core.prompt import Prompt, Text, Turn
from inference_plane.core.request import Address, Request
from inference_plane.surfaces import reading
from inference_plane.surfaces.completions import NAME
from shared.errors import InvalidRequest

HINTS = frozenset({"store", "metadata"})
LIMIT_DEFAULT = 16
"""OpenAI's default of `max_tokens`."""


class _Body(reading.Known):
    prompt: str | list[str]
    model: str | None = None
    stream: bool | None = None
    stream_options: Any = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    n: int | None = None
    best_of: int | None = None
    stop: str | list[str] | None = None
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    user: str | None = None
    echo: bool | None = None


TRANSLATED = reading.Translated(_Body, HINTS)


def decode(body: bytes, address: Address) -> Request:
    """The request, or InvalidRequest naming the parameter that is wrong."""
    fields = reading.fields_of(body)
    read, ignored = reading.translatable(fields, TRANSLATED)
    if read.best_of not in (None, 1):
        raise reading.unsupported("best_of")
    reading.check_minimum("max_tokens", read.max_tokens)
    reading.check_minimum("n", read.n)
    prompt = _prompt(read, ignored)
    return Request(
        dialect=NAME,
        model_id=read.model or "",
        streamed=bool(read.stream),
        prompt_tokens=tokens.PER_MESSAGE + tokens.of_text(text_of(read.prompt)),
        max_tokens=prompt.max_tokens,
        limit_field="max_tokens",
        choices=prompt.n,
        operation="completion",
        fields=fields,
        read=lambda: prompt,
        address=address,
    )


def text_of(prompt: str | list[str]) -> str:
    """The prompt's text. Raises InvalidRequest for a list of other than one prompt."""
    if isinstance(prompt, str):
        return prompt
    if len(prompt) != 1:
        raise InvalidRequest(
            "`prompt` must be a single string. Send one request for each.", param="prompt"
        )
    return prompt[0]


def _prompt(read: _Body, ignored: tuple[str, ...]) -> Prompt:
    stop = [read.stop] if isinstance(read.stop, str) else read.stop
    return Prompt(
        turns=(Turn("user", (Text(text_of(read.prompt)),)),),
        max_tokens=read.max_tokens or LIMIT_DEFAULT,
        temperature=read.temperature,
        top_p=read.top_p,
        n=read.n or 1,
        stop=tuple(stop or ()),
        seed=read.seed,
        presence_penalty=read.presence_penalty,
        frequency_penalty=read.frequency_penalty,
        user=read.user or "",
        ignored=ignored,
    )


def echo_of(request: Request) -> str:
    """The prompt, where the caller set `echo`; else empty."""
    if request.fields.get("echo") is not True:
        return ""
    first = request.read().turns[0].parts[0]
    return first.text if isinstance(first, Text) else ""
