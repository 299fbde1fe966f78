"""Models and plans as the contract has them, for the SDKs of three vendors."""

from anthropic import AsyncAnthropic
from google import genai
from google.genai import types
from openai.types import Model as OpenAIModel

from control_plane.container import Container
from control_plane.settings import Settings
from tests.integration.control_plane.api_client import Api
from tests.support import operations


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


async def test_plans_are_for_anybody(api: Api) -> None:
    async with api.client.get("/v1/subscription-plans") as answer:
        plans = (await answer.json())["plans"]
    found = [(p["id"], p["credits_per_month"], p["price_cents"]) for p in plans]
    assert found == [("free", 5_000, 0), ("pro", 100_000, 2999), ("enterprise", 1_000_000, 19900)]
    assert plans[1]["billing_intervals"] == ["monthly", "yearly"]
    assert plans[1]["features"] == ["100,000 credits per month", "60 requests per minute"]
    assert plans[0]["features"][-1] == "requests of up to 8 MB"
