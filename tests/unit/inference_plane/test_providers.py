"""The places besides its package that must know a provider: the settings and the command line."""

import pytest

from deploy.instance import PROVIDER_KEYS
from deploy.vendors.offers import LISTERS
from inference_plane.providers.table import PROVIDERS
from inference_plane.settings import InferenceSettings


@pytest.fixture(scope="module")
def settings() -> InferenceSettings:
    keys = {f"{name.upper()}_API_KEY": "key,group:other" for name in PROVIDERS}
    shared = {"REDIS_URL": "redis://localhost", "HEADRACE_SECRET_KEY": "x" * 32}
    return InferenceSettings.model_validate(shared | keys)


def test_every_provider_has_a_key_and_an_address_in_the_settings(
    settings: InferenceSettings,
) -> None:
    configured = {each.name: each for each in settings.providers()}
    assert configured.keys() == PROVIDERS.keys()
    for each in configured.values():
        assert each.url.startswith("https://")
        assert each.secrets == {"": ["key"], "group": ["other"]}


def test_a_provider_supports_every_dialect_that_its_settings_name(
    settings: InferenceSettings,
) -> None:
    for each in settings.providers():
        assert each.dialects
        provider = PROVIDERS[each.name]
        assert each.dialects <= provider.patches.keys() | provider.free_paths.keys()


def test_the_command_line_knows_every_provider() -> None:
    assert {f"{name.upper()}_API_KEY" for name in PROVIDERS} == set(PROVIDER_KEYS)
    assert LISTERS.keys() == PROVIDERS.keys()
