"""Lists the models that a key can call, in one shape for all vendors.

What a vendor does not report is None. Errors are the SDK's message, in one line, without the key.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from anthropic import AnthropicError, AsyncAnthropic
from google import genai
from google.genai import errors as google_errors
from google.genai import types
from openai import AsyncOpenAI, OpenAIError

from inference_plane.settings import ProviderSettings

TIMEOUT_S = 30.0
_TEXT = "generateContent"


@dataclass(frozen=True, slots=True)
class Offer:
    """A model under its vendor's name. `shutdown_at` is when it stops working."""

    provider: str
    model: str
    name: str
    context_length: int | None = None
    max_output_tokens: int | None = None
    deprecated_at: datetime | None = None
    shutdown_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyResult:
    """The result for one key: its models or an error. `key` is the key's group."""

    provider: str
    key: str
    offers: list[Offer]
    error: str = ""
    seconds: float = 0.0


async def list_offers(settings: ProviderSettings) -> list[KeyResult]:
    """One result per key of a provider."""
    keys = [(group, each) for group, secrets in settings.secrets.items() for each in secrets]
    return list(await asyncio.gather(*(_list_offers(settings, group, key) for group, key in keys)))


async def _list_offers(settings: ProviderSettings, group: str, key: str) -> KeyResult:
    began = asyncio.get_running_loop().time()
    try:
        offers = await LISTERS[settings.name](settings.url, key)
        error = ""
    except (OpenAIError, AnthropicError, google_errors.APIError, OSError) as failed:
        offers, error = [], " ".join(str(failed).replace(key, "…").split())[:200]
    seconds = asyncio.get_running_loop().time() - began
    return KeyResult(settings.name, group or "default", offers, error, seconds)


async def _openai(url: str, key: str) -> list[Offer]:
    async with AsyncOpenAI(api_key=key, base_url=url, timeout=TIMEOUT_S, max_retries=1) as client:
        return [
            Offer("openai", each.id, each.id, shutdown_at=_moment(each.shutdown_date))
            async for each in client.models.list()
        ]


async def _anthropic(url: str, key: str) -> list[Offer]:
    async with AsyncAnthropic(
        api_key=key, base_url=url, timeout=TIMEOUT_S, max_retries=1
    ) as client:
        return [
            Offer(
                "anthropic",
                each.id,
                each.display_name,
                each.max_input_tokens,
                each.max_tokens,
                _moment(each.deprecated_at),
                _moment(each.retires_at),
            )
            async for each in client.models.list(limit=1000)
        ]


async def _google(url: str, key: str) -> list[Offer]:
    options = types.HttpOptions(base_url=url, timeout=round(TIMEOUT_S * 1000))
    client = genai.Client(api_key=key, http_options=options).aio
    try:
        listed = await client.models.list(config={"page_size": 1000, "query_base": True})
        return [_of_google(each) async for each in listed if _writes(each)]
    finally:
        await client.aclose()


def _writes(model: types.Model) -> bool:
    return model.supported_actions is None or _TEXT in model.supported_actions


def _of_google(model: types.Model) -> Offer:
    name = (model.name or "").removeprefix("models/")
    shown = model.display_name or name
    return Offer("google", name, shown, model.input_token_limit, model.output_token_limit)


def _moment(value: object) -> datetime | None:
    """Vendors report dates as datetimes, seconds or text."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, str) and value:
        read = datetime.fromisoformat(value)
        return read if read.tzinfo else read.replace(tzinfo=UTC)
    return None


LISTERS: dict[str, Callable[[str, str], Awaitable[list[Offer]]]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "google": _google,
}
