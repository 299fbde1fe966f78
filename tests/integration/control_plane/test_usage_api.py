"""Credits, limits and usage as the contract has them, and as they were charged."""

from datetime import timedelta

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.kit import clock
from control_plane.kit.database import transaction
from control_plane.ledger import grants as credit_grants
from control_plane.ledger.records import NewLot, Source
from control_plane.settings import Settings
from shared.credits import MICRO
from shared.keyspace import account_key
from tests.integration.control_plane.api_client import Api
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.posting import book_outbox


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
    await book_outbox(container, user.id)
    plain, dear = (await api.get("/v1/usage"))["usage"]
    assert (dear["service_tier"], dear["region"]) == ("fast", "us")
    assert (dear["uses"], dear["token_details"]) == ({"web_search": 2}, {"cache_write_1h": 9})
    assert (plain["service_tier"], plain["region"], plain["uses"]) == (None, None, {})
    named = "SELECT unpriced FROM usage_history ORDER BY id LIMIT 1"
    assert await container.pool.fetchval(named) == ["tier odd"]


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
    await book_outbox(container, spender.account)
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
    await book_outbox(container, spender.account)
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
    await book_outbox(container, spender.account)
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
