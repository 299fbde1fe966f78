"""The catalogue beside what vendors' own SDKs say a key can call; applied only when told."""

from datetime import UTC, datetime, timedelta

from control_plane.catalogue.records import Deprecation, NewModel, Route
from control_plane.container import Container
from control_plane.settings import Settings
from deploy.embedded.ports import free_port
from deploy.vendors.comparison import Comparison, compare
from deploy.vendors.offers import KeyResult, Offer, list_offers
from inference_plane.settings import ProviderSettings
from tests.support import operations
from tests.support.testbed import provider

NOW = datetime.now(UTC)


def _settings(name: str, url: str, *keys: str) -> ProviderSettings:
    return ProviderSettings(name, url, {"": list(keys)}, frozenset())


async def _compared(settings: Settings, result: KeyResult) -> Comparison:
    models = await operations.list_models(settings)
    return compare(models, await operations.list_routes(settings), [result])


async def test_each_vendors_sdk_tells_what_each_key_can_call() -> None:
    async with provider() as url:
        for name, root in (("openai", f"{url}/v1"), ("anthropic", url), ("google", url)):
            good, bad = await list_offers(_settings(name, root, "sk-good", "invalid-secret"))
            assert len(good.offers) >= 3
            assert all(each.provider == name and each.model for each in good.offers)
            assert not good.error
            assert bad.error
            assert not bad.offers
            assert "invalid-secret" not in bad.error


async def test_the_simulators_know_every_shipped_model(
    settings: Settings, container: Container
) -> None:
    async with provider() as url:
        for name, root in (("openai", f"{url}/v1"), ("anthropic", url), ("google", url)):
            [result] = await list_offers(_settings(name, root, "sk"))
            assert (await _compared(settings, result)).retired == []


async def test_a_vendor_that_does_not_answer_has_retired_nothing(
    settings: Settings, container: Container
) -> None:
    [result] = await list_offers(_settings("anthropic", f"http://127.0.0.1:{free_port()}", "sk"))
    assert result.error
    assert (await _compared(settings, result)).retired == []


async def test_missing_retired_and_retiring_models_are_distinguished(
    settings: Settings, container: Container
) -> None:
    ending = Offer("openai", "gpt-5", "GPT-5", None, None, NOW, NOW + timedelta(days=30))
    offers = [ending, Offer("openai", "gpt-6", "GPT-6")]
    found = await _compared(settings, KeyResult("openai", "default", offers))
    assert [offer.model for offer in found.missing] == ["gpt-6"]
    retired = {route.upstream_model for route in found.retired}
    assert "text-embedding-3-small" in retired
    assert "gpt-5" not in retired
    assert [(each.model, each.sunset_at) for each in found.retiring] == [
        ("gpt-5", NOW + timedelta(days=30))
    ]


async def test_a_model_taken_in_is_not_offered_before_it_is_priced(
    settings: Settings, container: Container
) -> None:
    new = NewModel(
        "gpt-6", "openai", "GPT-6", 9_000, 900, Route("gpt-6", "openai", "gpt-6", 0, 1, "")
    )
    await operations.add_models(settings, [new, new])
    assert "gpt-6" not in {model.id for model in await operations.list_models(settings)}
    offer = KeyResult("openai", "default", [Offer("openai", "gpt-6", "GPT-6")])
    assert (await _compared(settings, offer)).missing == []
    await container.pool.execute(
        "INSERT INTO prices VALUES ('gpt-6@1', 'gpt-6', now(), 1, 1, 1, 1, 1)"
    )
    [model] = [m for m in await operations.list_models(settings) if m.id == "gpt-6"]
    assert not model.available
    assert [route.upstream_model for route in model.routes] == ["gpt-6"]


async def test_a_model_without_a_route_left_is_withdrawn_and_others_stay(
    settings: Settings, container: Container
) -> None:
    gone = Route("gpt-5", "openai", "gpt-5", 0, 1, "")
    assert await operations.withdraw_routes(settings, [gone]) == ["gpt-5"]
    models = {model.id: model for model in await operations.list_models(settings)}
    assert not models["gpt-5"].available
    assert models["claude-3.5-sonnet"].available


async def test_an_end_that_a_vendor_names_reaches_the_catalogue(
    settings: Settings, container: Container
) -> None:
    ends = NOW + timedelta(days=30)
    await operations.set_deprecations(settings, [Deprecation("gpt-5", None, ends)])
    [model] = [m for m in await operations.list_models(settings) if m.id == "gpt-5"]
    assert model.sunset_at == ends
    assert model.deprecated_at is not None
    assert model.deprecated
