"""The catalogue that a deployment begins with, and what its operator changes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import asyncpg
import pytest

from control_plane.admin import models
from control_plane.catalogue import service as catalogue
from control_plane.catalogue.new_prices import NewPrice
from control_plane.catalogue.pricing import Pricing
from control_plane.catalogue.records import Model, ModelChange, NewModel, Rate, Route
from control_plane.container import Container
from control_plane.settings import Settings
from deploy.vendors.price_changes import compare, is_flat
from inference_plane.core.prices import prices_of
from shared.credits import MICRO
from shared.errors import Conflict, ModelNotFound, ValidationFailed
from tests.support import operations

SEEDS = ("gpt-5", "gemini-2.0-pro", "claude-3.5-sonnet", "text-embedding-3-small")
NOW = datetime.now(UTC)


async def _model(container: Container, name: str) -> Model:
    return await models.load_model(container.pool, name)


async def _add(container: Container, name: str = "own") -> None:
    new = NewModel(name, "openai", name, 9_000, 900, Route(name, "openai", "gpt-5.5", 0, 1, ""))
    await models.add_model(container.pool, new, ["mine"])


def _price(name: str = "own", since: datetime = NOW, micro: int = 5) -> NewPrice:
    kinds = ("input", "cache_read", "cache_write", "output")
    rates = [Rate("standard", 0, kind, micro) for kind in kinds]
    more = (Rate("standard", 0, "audio_input", 50), Rate("priority", 0, "input", 9))
    return NewPrice(name, since, (*rates, *more), {"web_search": 7}, {"us": 110})


async def test_a_new_deployment_has_the_vendors_models_and_its_seeds_as_they_were(
    container: Container,
) -> None:
    listed = await models.list_models(container.pool)
    assert tuple(model.id for model in listed[:4]) == SEEDS
    assert all(model.per_1k_tokens_micro in (MICRO, 2 * MICRO) for model in listed[:4])
    opus = await _model(container, "claude-opus-5-5[1m]")
    assert (opus.id, opus.provider, opus.available) == ("claude-opus-5-5", "anthropic", True)
    assert {rate.tier for rate in opus.extras.rates} == {"standard", "fast"}
    ending = await _model(container, "o3")
    assert (ending.replacement_id, ending.deprecated) == ("gpt-5.6-terra", True)
    assert not opus.deprecated


async def test_prices_are_the_vendors_by_the_deployments_margin(container: Container) -> None:
    """Opus 5.5 is $4 and $20 per million tokens; a dollar is 10,000 credits, and a quarter more."""
    opus = await _model(container, "claude-opus-5-5")
    assert (opus.input_micro, opus.output_micro) == (50_000 * MICRO, 250_000 * MICRO)
    snapshot = await catalogue.snapshot(container.pool)
    prices = prices_of(snapshot.models["claude-opus-5-5"])
    assert prices.of(0, ["fast"]).output == 2 * prices.of(0).output
    assert prices.of(0).cache_write_1h == 2 * prices.of(0).input
    assert (prices.fees["web_search"], prices.percent_of("us")) == (125_000 * MICRO, 110)


async def test_seeding_again_leaves_an_operators_changes(
    settings: Settings, container: Container
) -> None:
    change = ModelChange("gpt-5.5", required_tier="enterprise", available=False)
    await models.change_model(container.pool, change)
    await models.add_prices(container.pool, [_price("gpt-5.5")])
    await operations.seed(settings)
    model = await _model(container, "gpt-5.5")
    assert (model.required_tier, model.available, model.input_micro) == ("enterprise", False, 5)


async def test_a_model_is_added_priced_enabled_and_retired(container: Container) -> None:
    await _add(container)
    with pytest.raises(Conflict):
        await models.change_model(container.pool, ModelChange("own", available=True))
    [price_id] = await models.add_prices(container.pool, [_price()])
    await models.change_model(container.pool, ModelChange("own", "pro", True))
    model = await _model(container, "mine")
    assert (model.price_id, price_id) == ("own@1", "own@1")
    assert (model.required_tier, model.available) == ("pro", True)
    assert (model.extras.fees, model.extras.factors) == ({"web_search": 7}, {"us": 110})
    await models.change_model(
        container.pool, ModelChange("own", available=False, replacement_id="gpt-5.5")
    )
    assert (await _model(container, "own")).replacement_id == "gpt-5.5"


async def test_a_later_price_takes_over_from_its_day_on(container: Container) -> None:
    await _add(container)
    tomorrow = NOW + timedelta(days=1)
    new = [_price(micro=5), _price(since=tomorrow, micro=6)]
    assert await models.add_prices(container.pool, new) == ["own@1", "own@2"]
    assert (await _model(container, "own")).input_micro == 5
    assert ("own", tomorrow) in await models.list_scheduled(container.pool)


@pytest.mark.parametrize("amount", [0, -1])
async def test_a_price_that_is_not_above_zero_does_not_enter(
    container: Container, amount: int
) -> None:
    await _add(container)
    price = NewPrice("own", NOW, _price().rates, {"web_search": amount})
    with pytest.raises(asyncpg.CheckViolationError):
        await models.add_prices(container.pool, [price])


async def test_what_does_not_exist_is_refused_by_name(container: Container) -> None:
    with pytest.raises(ModelNotFound):
        await models.change_model(container.pool, ModelChange("none", available=False))
    with pytest.raises(ValidationFailed):
        await models.change_model(container.pool, ModelChange("gpt-5.5", required_tier="gold"))
    with pytest.raises(Conflict):
        await _add(container, "gpt-5.5")


async def test_prices_are_compared_with_the_vendors(container: Container) -> None:
    """Nothing differs at first; a changed margin differs everywhere, flat prices are known."""
    listed = await models.list_models(container.pool)
    known = await models.list_scheduled(container.pool)
    shipped = [model for model in listed if not is_flat(model)]
    assert {model.id for model in listed} - {model.id for model in shipped} == set(SEEDS)
    same = Pricing(10_000, Decimal("1.25"))
    assert list(compare(shipped, same, NOW, known)) == []
    opus = [model for model in shipped if model.id == "claude-opus-5-5"]
    [change] = compare(opus, Pricing(10_000, Decimal("1.5")), NOW, known)
    assert change.amounts["standard.input"] == (50_000 * MICRO, 60_000 * MICRO)
    assert change.amounts["fee web_search"] == (125_000 * MICRO, 150_000 * MICRO)
    assert "region us" not in change.amounts
