"""The plane's JSON as the contract has it, over a real server and real databases."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from anthropic import AsyncAnthropic
from google import genai
from google.genai import types
from openai.types import Model as OpenAIModel
from prometheus_client import CollectorRegistry

from control_plane.app import build_app, build_apps
from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.kit import clock
from control_plane.kit.database import transaction
from control_plane.ledger import grants as credit_grants
from control_plane.ledger.records import NewLot, Source
from control_plane.metrics import WorkerMetrics
from control_plane.settings import Settings
from control_plane.workers.consumer.ingestion import Batch, Ingestion
from shared.credits import MICRO
from shared.keyspace import account_key, outbox_key, shard_of
from tests.integration.control_plane.play import Spender
from tests.support import operations
from tests.support.redis_reads import read_stream

Client = TestClient[web.Request, web.Application]


@dataclass
class Api:
    """A client of the running application, with a token that has every scope."""

    client: TestClient[web.Request, web.Application]
    token: str

    async def get(self, path: str, status: int = 200, **headers: str) -> Any:
        wanted = {"Authorization": f"Bearer {self.token}", **headers}
        async with self.client.get(path, headers=wanted) as answer:
            body = await answer.json()
            assert answer.status == status, body
            return body


@pytest.fixture
async def api(settings: Settings, container: Container, user: User) -> AsyncIterator[Api]:
    token = await operations.issue_token(settings, user.email)
    async with TestClient(TestServer(build_app(settings, container))) as client:
        yield Api(client, token)


@pytest.fixture
async def internal(settings: Settings, container: Container) -> AsyncIterator[Client]:
    """A client of the port that the edge does not reach."""
    async with TestClient(TestServer(build_apps(settings, container)[1])) as client:
        yield client


@pytest.fixture
def spender(container: Container, user: User) -> Spender:
    return Spender(container.ledger, user.id)


async def ingestion(container: Container, account: str) -> None:
    stream = outbox_key(shard_of(account))
    taking = Ingestion(container.pool, container.redis, WorkerMetrics(CollectorRegistry()))
    await taking.take(Batch(stream, await read_stream(container.redis, stream)))


async def test_models_are_one_body_for_every_sdk(api: Api) -> None:
    body = await api.get("/v1/models")
    ids = ["gpt-5", "gemini-2.0-pro", "claude-3.5-sonnet", "text-embedding-3-small"]
    assert [model["id"] for model in body["data"]][:4] == ids
    assert body["models"] == body["data"]
    total = len(body["data"])
    assert (body["object"], body["total"], body["has_more"]) == ("list", total, False)
    assert (body["first_id"], body["user_tier"]) == (ids[0], "enterprise")
    assert body["last_id"] == body["data"][-1]["id"]
    first = body["data"][0]
    assert OpenAIModel.model_validate(first).owned_by == "openai"
    assert first["type"] == first["object"] == "model"
    assert first["credits_per_1k_tokens"] == 2
    assert (first["context_length"], first["max_output_tokens"]) == (128000, 4096)
    assert (first["access_status"], first["deprecation"]) == ("allowed", None)
    assert body["data"][3]["max_output_tokens"] is None


async def test_usage_shows_what_was_served_and_charged(
    container: Container, api: Api, user: User, spender: Spender
) -> None:
    await spender.spend(
        3 * MICRO,
        service_tier="fast",
        region="us",
        uses={"web_search": 2},
        token_parts={"cache_write_1h": 9},
        unpriced=("tier odd",),
    )
    await spender.spend(MICRO)
    await ingestion(container, user.id)
    plain, dear = (await api.get("/v1/usage"))["usage"]
    assert (dear["service_tier"], dear["region"]) == ("fast", "us")
    assert (dear["uses"], dear["token_details"]) == ({"web_search": 2}, {"cache_write_1h": 9})
    assert (plain["service_tier"], plain["region"], plain["uses"]) == (None, None, {})
    named = "SELECT unpriced FROM usage_history ORDER BY id LIMIT 1"
    assert await container.pool.fetchval(named) == ["tier odd"]


async def test_models_are_filtered(api: Api) -> None:
    async def ids(query: str) -> list[str]:
        return [model["id"] for model in (await api.get(f"/v1/models?{query}"))["data"]]

    everything = await ids("available=true")
    of_google = await ids("provider=google")
    assert of_google[0] == "gemini-2.0-pro"
    assert {each.partition("-")[0] for each in of_google} == {"gemini"}
    with_code = await ids("capability=text,code")
    assert "claude-3.5-sonnet" in with_code
    assert not {"gpt-5", "text-embedding-3-small"} & set(with_code)
    assert await ids("available=false") == []
    assert len(everything) > len(with_code) > len(of_google)
    refused = await api.get("/v1/models?available=maybe", 422)
    assert refused["error"]["details"]["fields"][0]["field"] == "available"


async def test_a_locked_model_stays_in_the_list_and_says_so(
    settings: Settings, container: Container, api: Api
) -> None:
    await container.pool.execute(
        "UPDATE models SET required_tier = 'pro' WHERE id = 'claude-3.5-sonnet'"
    )
    await operations.create_user(settings, "free@example.com")
    api.token = await operations.issue_token(settings, "free@example.com")
    model = await api.get("/v1/models/claude-3.5-sonnet")
    assert model["access_status"] == "upgrade_required"
    assert model["upgrade"]["required_tier"] == "pro"
    listed = (await api.get("/v1/models"))["data"]
    assert {m["access_status"] for m in listed if m["id"] == model["id"]} == {"upgrade_required"}


async def test_anthropics_and_googles_sdks_list_the_models_too(api: Api) -> None:
    root = str(api.client.make_url("/"))
    async with AsyncAnthropic(api_key=api.token, base_url=root) as claude:
        listed = [model.id async for model in claude.models.list()]
    assert "claude-3.5-sonnet" in listed
    for version in ("v1", "v1beta"):
        options = types.HttpOptions(base_url=root, api_version=version)
        gemini = genai.Client(api_key=api.token, http_options=options).aio
        found = [model async for model in await gemini.models.list()]
        assert {"models/gpt-5", "models/gemini-2.0-pro"} <= {model.name for model in found}
        one = await gemini.models.get(model="gemini-2.0-pro")
        assert one.input_token_limit == 2_000_000
        await gemini.aclose()


async def test_one_model_has_its_prices(api: Api) -> None:
    model = await api.get("/v1/models/gpt-5")
    assert model["input_cost_per_million_tokens"] == 500
    assert model["output_cost_per_million_tokens"] == 1500
    assert model["prices"]["input"] == 2000
    assert model["upgrade"] is None
    assert model["created_at"].endswith("Z")
    missing = await api.get("/v1/models/none", 404)
    assert missing["error"]["code"] == "model_not_found"


async def test_credits_are_live(api: Api, container: Container, spender: Spender) -> None:
    before = await api.get("/v1/credits/me")
    assert before["total_credits"] == before["remaining_credits"] == 100
    assert (before["held_credits"], before["usage_percentage"]) == (0, 0)
    await spender.spend(12_000_000)
    await spender.hold(3_000_000)
    now = await api.get("/v1/credits/me")
    assert (now["used_credits"], now["held_credits"], now["remaining_credits"]) == (12, 3, 85)
    assert now["usage_percentage"] == 12
    assert now["lots"][0]["remaining"] == 85
    assert now["id"] == now["user_id"] == spender.account
    assert now["billing_period_start"] < now["billing_period_end"]
    await ingestion(container, spender.account)
    assert await api.get("/v1/credits/me") == now
    await container.redis.delete(account_key(spender.account))
    cold = await api.get("/v1/credits/me")
    assert (cold["used_credits"], cold["remaining_credits"]) == (12, 88)


async def test_free_subscription_and_purchased_credits_are_separate(
    settings: Settings, container: Container, api: Api, spender: Spender
) -> None:
    """10 of a promo burn first, then the subscription's 100; what is expired is not available."""
    tomorrow, yesterday = (clock.now() + timedelta(days=n) for n in (1, -1))
    async with transaction(container.pool) as connection:
        for lot in (
            NewLot(Source.PURCHASED, 50 * MICRO),
            NewLot(Source.PROMO, 10 * MICRO, tomorrow),
            NewLot(Source.PROMO, 7 * MICRO, yesterday),
        ):
            await credit_grants.grant(connection, spender.account, lot)
    await container.relay.deliver()
    await spender.spend(12 * MICRO)
    await spender.hold(3 * MICRO)
    body = await api.get("/api/user/credits")
    names = ("total", "used", "held", "remaining")
    reported = {
        kind: tuple(body[f"{kind}_credits"][name] for name in names)
        for kind in ("free", "subscription", "purchased")
    }
    assert reported == {
        "free": (10, 10, 0, 0),
        "subscription": (100, 2, 3, 95),
        "purchased": (50, 0, 0, 50),
    }
    assert (body["total_credits"], body["used_credits"]) == (160, 12)
    assert (body["remaining_credits"], body["held_credits"], body["debt_credits"]) == (145, 3, 0)
    assert [lot["source"] for lot in body["lots"]] == ["promo", "subscription", "purchased"]
    whole = await api.get("/v1/credits/me")
    assert {name: whole[name] for name in body} == body
    assert body["subscription_credits"]["resets_at"] == whole["billing_period_end"]
    assert body["subscription_credits"]["expires_at"] == whole["billing_period_end"]
    assert body["purchased_credits"]["expires_at"] is body["purchased_credits"]["resets_at"] is None


async def test_debt_is_shown_as_what_is_owed(api: Api, spender: Spender) -> None:
    await spender.spend(120 * MICRO, 100 * MICRO)
    body = await api.get("/v1/credits/me")
    assert (body["remaining_credits"], body["debt_credits"], body["used_credits"]) == (-20, 20, 120)


async def test_limits_are_what_the_reserving_script_says(
    api: Api, container: Container, spender: Spender
) -> None:
    """Asked again when the clock's minute turned between the two readings."""
    passthrough = await api.get("/v1/rate-limit")
    assert passthrough["requests_per_minute"]["remaining"] == 300
    for _ in range(3):
        now = await api.get("/v1/rate-limit")
        reported = await spender.ask(1_000_000)
        after = await api.get("/v1/rate-limit")
        if now["requests_per_minute"]["reset_at"] == after["requests_per_minute"]["reset_at"]:
            break
    windows = (reported.requests, reported.tokens)
    for name, window in zip(("requests_per_minute", "tokens_per_minute"), windows, strict=True):
        assert window is not None
        assert (after[name]["limit"], after[name]["remaining"]) == (window.limit, window.left)
    assert reported.credits_today is not None
    assert after["credits_per_day"]["remaining"] * 1_000_000 == reported.credits_today.left
    assert after["credits_per_day"]["reset_at"].endswith("T00:00:00Z")


async def test_usage_is_paged_filtered_and_summed(
    api: Api, container: Container, spender: Spender
) -> None:
    for cost in (1, 2, 3):
        await spender.spend(cost * 1_000_000)
    await spender.spend(4_000_000, operation="embedding", model_id="text-embedding-3-small")
    await ingestion(container, spender.account)
    page = await api.get("/v1/usage?limit=3")
    assert [row["credits_used"] for row in page["usage"]] == [4, 3, 2]
    assert page["pagination"] == {"limit": 3, "offset": 0, "total": 4, "has_more": True}
    assert page["summary"] == {
        "total_credits_used": 10,
        "total_requests": 4,
        "total_tokens": 4 * 42,
    }
    row = page["usage"][0]
    assert (row["input_tokens"], row["output_tokens"], row["total_tokens"]) == (12, 30, 42)
    assert (row["operation"], row["request_duration_ms"]) == ("embedding", 250)
    rest = await api.get("/v1/usage?limit=3&offset=3")
    assert [row["credits_used"] for row in rest["usage"]] == [1]
    assert not rest["pagination"]["has_more"]
    chats = await api.get("/v1/usage?operation=chat&model_id=gpt-5&start_date=2020-01-01")
    assert chats["pagination"]["total"] == 3
    past = await api.get("/v1/usage?end_date=2020-01-01T10:00:00Z")
    assert past["pagination"]["total"] == 0


async def test_usage_statistics_add_up(api: Api, container: Container, spender: Spender) -> None:
    await spender.spend(1_000_000)
    await spender.spend(4_000_000, model_id="other")
    await ingestion(container, spender.account)
    for group_by, key in (("day", "date"), ("hour", "hour"), ("model", "model_id")):
        body = await api.get(f"/v1/usage/stats?group_by={group_by}")
        assert body["total"]["credits_used"] == 5
        assert body["total"]["requests_count"] == 2
        assert body["total"]["average_duration_ms"] == 250
        assert sum(row["credits_used"] for row in body["stats"]) == 5
        assert all(key in row for row in body["stats"])
    by_model = (await api.get("/v1/usage/stats?group_by=model"))["stats"]
    assert [row["model_id"] for row in by_model] == ["other", "gpt-5"]


async def test_every_bad_field_is_named_at_once(api: Api) -> None:
    query = "limit=0&offset=x&operation=dance&start_date=yesterday&end_date=2026-13-01"
    error = (await api.get(f"/v1/usage?{query}", 422))["error"]
    assert error["code"] == "validation_error"
    assert {field["field"] for field in error["details"]["fields"]} == {
        "limit",
        "offset",
        "operation",
        "start_date",
        "end_date",
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("DELETE", "/v1/models", 405, "invalid_request"),
        ("GET", "/v1/credits/me", 401, "unauthorized"),
        ("POST", "/internal/accounts/x/load", 404, "not_found"),
        ("GET", "/metrics", 404, "not_found"),
    ],
)
async def test_errors_have_one_shape(
    api: Api, method: str, path: str, status: int, code: str
) -> None:
    headers = {"X-Request-Id": "my-request-0001"}
    async with api.client.request(method, path, headers=headers) as answer:
        body = (await answer.json())["error"]
        assert (answer.status, body["code"]) == (status, code)
        assert answer.headers["X-Request-Id"] == body["request_id"] == "my-request-0001"
        assert set(body) == {"code", "message", "type", "param", "details", "request_id"}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert ("WWW-Authenticate" in answer.headers) == (status == 401)


async def test_an_insane_request_id_is_replaced(api: Api) -> None:
    async with api.client.get("/health", headers={"X-Request-Id": "a b{}"}) as answer:
        assert answer.headers["X-Request-Id"].startswith("req_")


async def test_a_token_opens_what_its_scopes_say(settings: Settings, api: Api) -> None:
    api.token = await operations.issue_token(settings, "ada@example.com", ["models.read"])
    await api.get("/v1/models")
    error = (await api.get("/v1/credits/me", 403))["error"]
    assert (error["code"], error["details"]["required_scope"]) == ("forbidden", "credits.read")


async def test_forged_and_foreign_tokens_are_refused(settings: Settings, api: Api) -> None:
    good = jwt.decode(api.token, options={"verify_signature": False})
    kid = jwt.get_unverified_header(api.token)["kid"]
    header = {"kid": kid, "typ": "at+jwt"}
    forged = jwt.encode(good, "a secret that is long enough for HS256!", "HS256", headers=header)
    other = settings.model_copy(update={"public_url": "https://elsewhere.example"})
    foreign = await operations.issue_token(other, "ada@example.com")
    head, body, signature = api.token.split(".")
    for token in (forged, foreign, f"{head}.{body}.{signature[:-4]}AAAA", "x", "a.b.c"):
        api.token = token
        assert (await api.get("/v1/models", 401))["error"]["code"] == "unauthorized"


async def test_keys_and_configuration_are_found(api: Api) -> None:
    configuration = await api.get("/.well-known/openid-configuration")
    assert configuration["issuer"] == "http://localhost:3000"
    assert configuration["jwks_uri"] == "http://localhost:3000/oauth/jwks"
    keys = jwt.PyJWKSet.from_dict(await api.get("/oauth/jwks"))
    kid = jwt.get_unverified_header(api.token)["kid"]
    claims = jwt.decode(api.token, keys[kid], algorithms=["RS256"], audience="headrace")
    assert claims["iss"] == configuration["issuer"]
    assert "d" not in (await api.get("/oauth/jwks"))["keys"][0]


async def test_plans_are_for_anybody(api: Api) -> None:
    async with api.client.get("/v1/subscription-plans") as answer:
        plans = (await answer.json())["plans"]
    found = [(p["id"], p["credits_per_month"], p["price_cents"]) for p in plans]
    assert found == [("free", 5_000, 0), ("pro", 100_000, 2999), ("enterprise", 1_000_000, 19900)]
    assert plans[1]["billing_intervals"] == ["monthly", "yearly"]
    assert plans[1]["features"] == ["100,000 credits per month", "60 requests per minute"]
    assert plans[0]["features"][-1] == "requests of up to 8 MB"


async def test_the_other_plane_has_an_account_loaded(
    settings: Settings, container: Container, api: Api, internal: Client
) -> None:
    late = await operations.create_user(settings, "late@example.com")
    headers = {"Authorization": f"Bearer {settings.internal_token()}"}
    for _ in range(2):
        path = f"/internal/accounts/{late.id}/load"
        async with internal.post(path, headers=headers) as answer:
            assert answer.status == 204
    async with internal.post(path) as answer:
        assert answer.status == 401
    assert await container.redis.hget(account_key(late.id), "avail") == b"5000000000"
    for nobody in ("11111111-1111-4111-8111-111111111111", "nobody"):
        async with internal.post(f"/internal/accounts/{nobody}/load", headers=headers) as answer:
            assert answer.status == 404


async def test_health_tells_what_is_missing(api: Api) -> None:
    assert (await api.get("/health"))["status"] == "ok"
    body = await api.get("/health/ready", 503)
    checks = {"postgres": True, "migrations": True, "redis": True, "workers": False}
    assert body == {"status": "not_ready", "checks": checks}


async def test_metrics_are_on_the_internal_port_only(internal: Client) -> None:
    async with internal.get("/health") as answer:
        assert answer.status == 200
    async with internal.get("/metrics") as answer:
        assert 'route="/health"' in await answer.text()
