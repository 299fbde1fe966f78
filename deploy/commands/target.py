"""The deployment a command works on: the running instance, or the one in the environment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from control_plane.container import Container, open_container, open_pool
from control_plane.kit.database import Pool
from control_plane.settings import Settings
from deploy.commands.failure import Failure
from deploy.instance import read_variables, state_of
from deploy.supervisor.processes import find
from inference_plane.settings import InferenceSettings, ProviderSettings

T = TypeVar("T")

_WANTED = ("DATABASE_URL", "REDIS_URL", "HEADRACE_SECRET_KEY")


def load_settings() -> Settings:
    """The control plane's settings. Raises Failure when there is none."""
    variables = _variables()
    missing = [name for name in _WANTED if name not in variables]
    if missing:
        raise Failure(f"nothing is running: start it with `make up`, or set {', '.join(missing)}")
    return Settings.model_validate(variables)


def with_pool(call: Callable[[Pool], Awaitable[T]]) -> T:
    """Run `call` with the deployment's database and return its result. Raises Failure."""

    async def run(settings: Settings) -> T:
        async with open_pool(settings) as pool:
            return await call(pool)

    return asyncio.run(run(load_settings()))


def with_container(call: Callable[[Container], Awaitable[T]]) -> T:
    """Run `call` with the deployment's database and Redis. Raises Failure."""

    async def run(settings: Settings) -> T:
        async with open_container(settings, pool_size=2) as container:
            return await call(container)

    return asyncio.run(run(load_settings()))


def load_providers() -> list[ProviderSettings]:
    """The providers that have a key. Raises Failure when there is none."""
    known = InferenceSettings.model_validate(_variables()).providers()
    if not known:
        raise Failure(
            "no provider has a key: set OPENAI_API_KEY, ANTHROPIC_API_KEY or GOOGLE_API_KEY"
        )
    return known


def _variables() -> dict[str, str]:
    variables = read_variables()
    state = state_of(variables)
    if find(state.read("supervisor.json")) is not None:
        variables |= (state.read("instance.json") or {}).get("environment", {})
    return variables
