"""A testbed for the inference plane: the real application, a real Valkey, the simulated provider.

What the control plane would publish is published here, so that a test of the stream needs no
PostgreSQL and no Ray: those are in the acceptance tests.
"""

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

import aiohttp
import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from openai import AsyncOpenAI
from redis.asyncio import Redis

from deploy.simulators.server import build_app
from inference_plane.core.hosted_tools import USES
from inference_plane.deployments.asgi import InferenceApp
from inference_plane.runtime.container import Runtime
from inference_plane.settings import InferenceSettings
from shared import catalogue, keyspace
from shared.auth.access_tokens import AUDIENCE
from shared.auth.principal import SCOPE_INFERENCE
from shared.credits import BASE_KINDS, MICRO, PARTS, Price
from tests.support import web_server
from tests.support.asgi import Application, ServeLike
from tests.support.ledger_table import LedgerTable, ledger_table

ISSUER = "http://localhost:3000"
SECRET = "a key that only tests know, long enough"
KEY = RSAKey.generate_key(2048, {"kid": "test"}, auto_kid=False)


@dataclass
class Testbed:
    """`table` is the ledger. `provider` is the simulated provider's root URL."""

    __test__: ClassVar[bool] = False  # so that pytest does not take it for a test class

    url: str
    app: InferenceApp
    redis: Redis
    table: LedgerTable
    provider: str
    served: ServeLike
    clients: list[AsyncOpenAI] = field(default_factory=list)

    @property
    def runtime(self) -> Runtime:
        assert self.app.runtime is not None
        return self.app.runtime

    def last_headers(self) -> Mapping[str, str]:
        """Those of the last response, whoever received it."""
        return self.served.last_headers

    def client(self, account: str = "A", **claims: Any) -> AsyncOpenAI:
        """OpenAI's own SDK, signed in as this account; it does not retry. Closed with the testbed.

        A client left to the garbage collector would close sockets behind the event loop's back, and
        the next connection to get such a socket's number would never be woken.
        """
        key = token(account, **claims)
        client = AsyncOpenAI(base_url=f"{self.url}/v1", api_key=key, max_retries=0)
        self.clients.append(client)
        return client

    async def post(self, body: Any, **headers: str) -> tuple[int, Mapping[str, str], Any]:
        """One plain HTTP request: status, headers, JSON."""
        sent = {"Authorization": f"Bearer {token('A')}", "Content-Type": "application/json"}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with aiohttp.ClientSession() as session:
            url = f"{self.url}/v1/chat/completions"
            content = io.BytesIO(data)
            async with session.post(url, data=content, headers=sent | headers) as answer:
                return answer.status, answer.headers, await answer.json()

    async def until_idle(self) -> None:
        """Waits until no hold is left."""
        for _ in range(400):
            holds = [
                await self.redis.zcard(keyspace.deadlines_key(shard))
                for shard in range(keyspace.SHARDS)
            ]
            if not any(holds):
                return
            await asyncio.sleep(0.025)
        raise AssertionError("a hold was left")


def token(account: str, **claims: Any) -> str:
    """An access token as the control plane mints them."""
    now = int(time.time())
    own = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": account,
        "scope": SCOPE_INFERENCE,
        "client_id": "textassistant-desktop",
        "jti": "j",
        "iat": now,
        "exp": now + 3600,
    }
    header = {"alg": "RS256", "kid": "test", "typ": "at+jwt"} | claims.pop("header", {})
    merged = own | claims
    return jwt.encode(header, {k: v for k, v in merged.items() if v is not None}, KEY)


def model(model_id: str = "gpt-5", **changes: Any) -> catalogue.Model:
    price = Price.flat(2 * MICRO)
    fields = {
        "id": model_id,
        "price_id": "price-1",
        "input_price": price.input,
        "cache_read_price": price.cache_read,
        "cache_write_price": price.cache_write,
        "output_price": price.output,
        "context_length": 128_000,
        "max_output_tokens": 4_096,
        "rank": 0,
        "required_tier": "free",
        "available": True,
        "capabilities": ("text",),
        "routes": (catalogue.Route("openai", model_id),),
    }
    return catalogue.Model(**(fields | changes))  # type: ignore[arg-type]


_EACH = 2_000 * MICRO
OPTIONS: dict[str, Any] = {
    "rates": (
        catalogue.Rates("standard", 0, dict.fromkeys(PARTS, _EACH)),
        catalogue.Rates("flex", 0, dict.fromkeys(BASE_KINDS, _EACH)),
        catalogue.Rates("priority", 0, dict.fromkeys(BASE_KINDS, _EACH)),
        catalogue.Rates("fast", 0, dict.fromkeys(BASE_KINDS, _EACH)),
    ),
    "fees": dict.fromkeys(USES, 1_000 * MICRO),
    "factors": {"us": 110},
}
"""A price for everything that a vendor bills apart: flat, as the tokens are."""

MODELS = (
    model(**OPTIONS),
    model("claude", **OPTIONS, routes=(catalogue.Route("anthropic", "claude-sonnet-4-5"),)),
    model("gemini", **OPTIONS, routes=(catalogue.Route("google", "gemini-3-pro-preview"),)),
    model(
        "vectors",
        capabilities=("embedding",),
        max_output_tokens=0,
        routes=(catalogue.Route("openai", "text-embedding-3-small"),),
    ),
    model(
        "gemini-embedding-001",
        capabilities=("embedding",),
        max_output_tokens=0,
        routes=(catalogue.Route("google", "gemini-embedding-001"),),
    ),
    model("locked", rank=9, required_tier="enterprise"),
)
"""One of each provider, two that embed, one that the free tier may not use."""


async def publish(redis: Redis, *models: catalogue.Model, **aliases: str) -> None:
    """Publishes a catalogue and keys, as the control plane does."""
    whole = catalogue.Catalogue(catalogue.FORMAT, 1, {each.id: each for each in models}, aliases)
    public = KEY.as_dict(private=False) | {"kid": "test"}
    await redis.set(keyspace.JWKS, json.dumps({"keys": [public]}))
    await redis.set(keyspace.CATALOGUE, catalogue.encode(whole))
    await redis.incr(keyspace.DIRECTORY_VERSION)


@asynccontextmanager
async def provider() -> AsyncIterator[str]:
    """The simulated provider on a port of its own: its root URL."""
    async with web_server.serving(build_app()) as url:
        yield url


@asynccontextmanager
async def serving(app: Application) -> AsyncIterator[str]:
    """The application under uvicorn, as Ray Serve runs it."""
    config = uvicorn.Config(
        app if isinstance(app, ServeLike) else ServeLike(app),
        port=0,
        lifespan="on",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def running_testbed(
    redis_url: str,
    *,
    credits: int = 1_000,
    settings: Mapping[str, Any] | None = None,
    **limits: int,
) -> AsyncIterator[Testbed]:
    """Everything up, account `A` granted, keys and catalogue read."""
    async with ledger_table(redis_url, **limits) as table, provider() as base_url:
        await table.play(f"grant A {credits} -> applied avail {credits} held 0")
        await publish(table.redis, *MODELS)
        own = InferenceSettings.model_validate(
            {
                "REDIS_URL": redis_url,
                "HEADRACE_SECRET_KEY": SECRET,
                "HEADRACE_CONTROL_URL": "http://127.0.0.1:9",
                "OPENAI_API_KEY": "sk-planted-secret",
                "OPENAI_BASE_URL": f"{base_url}/v1",
                "ANTHROPIC_API_KEY": "sk-ant-planted-secret",
                "ANTHROPIC_BASE_URL": base_url,
                "GOOGLE_API_KEY": "AIza-planted-secret",
                "GOOGLE_BASE_URL": base_url,
                "HEADRACE_BODY_BYTES_MAX": 100_000,
                "HEADRACE_UPSTREAM_IDLE_TIMEOUT_S": 2,
                **(settings or {}),
            }
        )
        app = InferenceApp(own, "test")
        served = ServeLike(app)
        async with serving(served) as url:
            testbed = Testbed(url, app, table.redis, table, base_url, served)
            await testbed.runtime.directory.refresh()
            try:
                yield testbed
            finally:
                for client in testbed.clients:
                    await client.close()
