"""Whatever a provider reports, the event that comes of it is posted; the books stay whole."""

import itertools
from typing import Any

import pytest

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from inference_plane.core.decoder import Decoder
from inference_plane.core.meter import Meter
from inference_plane.core.prices import Prices
from inference_plane.providers.anthropic.decode import MessagesDecoder
from inference_plane.providers.google.decode import GenerateDecoder
from inference_plane.providers.openai.chat_decode import ChatDecoder
from inference_plane.providers.openai.embeddings import EmbeddingsDecoder
from inference_plane.providers.openai.responses import ResponsesDecoder
from inference_plane.runtime.exchange import Exchange
from inference_plane.runtime.settlement.usage_event import final_event
from inference_plane.surfaces.chat.surface import SURFACE
from shared.auth.principal import Principal
from shared.catalogue import Route
from shared.credits import BALANCE_MICRO_MAX, MICRO, Price
from shared.events import MILLISECONDS_MAX, TOKENS_MAX, UsageEvent, encode
from tests.integration.control_plane.posting import book_outbox
from tests.support import operations
from tests.support.odd_usage import DIALECTS, NAMES
from tests.support.testbed import model

DECODERS: dict[str, type[Decoder]] = {
    "chat": ChatDecoder,
    "responses": ResponsesDecoder,
    "messages": MessagesDecoder,
    "generate": GenerateDecoder,
    "embeddings": EmbeddingsDecoder,
}
FIGURES: tuple[Any, ...] = (
    -1,
    0,
    7,
    1.5,
    -0.5,
    1e300,
    TOKENS_MAX,
    TOKENS_MAX + 1,
    2**63,
    10**19,
    10**40,
    "12",
    "",
    True,
    None,
    [],
    {"a": 1},
)


def _usages() -> list[Any]:
    """Every figure in every place alone, in all at once, and instead of the whole."""
    alone = [{name: figure} for name, figure in itertools.product(NAMES, FIGURES)]
    return [*alone, *(dict.fromkeys(NAMES, figure) for figure in FIGURES), *FIGURES]


def _metered(dialect: str, usage: Any) -> Meter:
    price = Price.flat(2 * MICRO)
    meter = Meter(Prices.single(price), MICRO, prompt_tokens=10, cap=100, context=0)
    decoder = DECODERS[dialect]()
    for payload in DIALECTS[dialect](usage):
        meter.add(decoder.feed(payload))
    meter.add(decoder.finish())
    return meter


def _event(user: User, request_id: str, meter: Meter) -> bytes:
    nobody: Any = None
    exchange = Exchange(request_id, request_id, "", SURFACE, nobody, nobody, 1_700_000_000_000)
    exchange.principal = Principal(user.id, "textassistant-desktop", frozenset(), 0)
    exchange.model, exchange.route = model(), Route("openai", "gpt-5")
    exchange.meter, exchange.status = meter, "completed"
    return final_event(exchange)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_every_event_of_every_dialect_is_posted(
    settings: Settings, container: Container, user: User, dialect: str
) -> None:
    meters = [_metered(dialect, usage) for usage in _usages()]
    for number, meter in enumerate(meters):
        request_id = f"{dialect}-{number}"
        event, tokens = _event(user, request_id, meter), meter.final().total
        await container.ledger.settle(user.id, request_id, meter.charge(), tokens, event)
    await book_outbox(container, user.id)
    assert await operations.list_dead_letters(settings) == []
    posted = "SELECT count(*) FROM usage_history"
    assert await container.pool.fetchval(posted) == len(meters)
    assert (await operations.audit(settings)).clean


async def test_the_bounds_of_an_event_are_those_of_the_columns(
    settings: Settings, container: Container, user: User
) -> None:
    """Both ends of each, and the largest charge; their sums of a whole life fit, too."""
    for number, tokens, ms, charge in (
        (1, 0, 0, 0),
        (2, TOKENS_MAX, MILLISECONDS_MAX, BALANCE_MICRO_MAX),
        (3, TOKENS_MAX, MILLISECONDS_MAX, 0),
    ):
        event = UsageEvent(
            request_id=str(number),
            user_id=user.id,
            model_id="gpt-5",
            operation="chat",
            input_tokens=tokens,
            cache_read_tokens=tokens,
            cache_write_tokens=tokens,
            output_tokens=tokens,
            reasoning_tokens=tokens,
            first_token_ms=ms,
            duration_ms=ms,
        )
        await container.ledger.settle(user.id, str(number), charge, 4 * tokens, encode(event))
    await book_outbox(container, user.id)
    assert await operations.list_dead_letters(settings) == []
    assert await container.pool.fetchval("SELECT count(*) FROM usage_history") == 3
    assert (await operations.audit(settings)).clean
    # A request a second, each with the most of every kind, for fifty years.
    assert 50 * 366 * 24 * 3600 * 4 * TOKENS_MAX < 2**63
