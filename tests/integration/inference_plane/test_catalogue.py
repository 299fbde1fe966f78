"""A change of the catalogue takes effect without a restart."""

import asyncio
import json
import time

from tests.integration.inference_plane.requests import body, open_stream, post
from tests.support.testbed import Testbed, model, publish

DAY_S = 86_400


async def test_a_change_of_the_catalogue_is_met_within_two_seconds(testbed: Testbed) -> None:
    assert (await post(testbed, body(model="brand-new")))[0] == 404
    await publish(testbed.redis, model("brand-new"))
    async with asyncio.timeout(2):
        while (await post(testbed, body(model="brand-new")))[0] != 200:
            await asyncio.sleep(0.1)


async def test_a_model_answers_to_its_other_names(testbed: Testbed) -> None:
    await publish(testbed.redis, model("gpt-5"), latest="gpt-5")
    await testbed.runtime.directory.refresh()
    assert (await post(testbed, body(model="latest")))[0] == 200
    event = json.loads((await testbed.table.entries("A"))[-1]["__data__"])
    assert event["model_id"] == "gpt-5"


async def test_an_unknown_model_names_the_nearest_and_who_may_use_them(testbed: Testbed) -> None:
    own = (model("claude-opus-5-5"), model("claude-sonnet-5-5", rank=9, required_tier="pro"))
    await publish(testbed.redis, *own, model("gpt-5"), **{"claude-opus-latest": own[0].id})
    await testbed.runtime.directory.refresh()
    status, answer = await post(testbed, body(model="claude-opus-5"))
    error = json.loads(answer)["error"]
    assert (status, error["code"]) == (404, "model_not_found")
    assert error["details"]["similar_models"][:2] == [
        {"id": "claude-opus-5-5", "required_tier": "free", "access_status": "allowed"},
        {"id": "claude-sonnet-5-5", "required_tier": "pro", "access_status": "upgrade_required"},
    ]
    assert "`claude-sonnet-5-5` (requires the pro plan)" in error["message"]
    status, answer = await post(testbed, body(model="%" * 5_000))
    assert (status, json.loads(answer)["error"]["details"]["similar_models"]) == (404, [])


async def test_a_deprecated_model_works_and_sends_deprecation_headers(testbed: Testbed) -> None:
    """RFC 9745 and RFC 8594: a structured date, and an HTTP one."""
    now = int(time.time())
    await publish(testbed.redis, model(deprecated_at_s=now - DAY_S, sunset_at_s=now + DAY_S))
    await testbed.runtime.directory.refresh()
    async with open_stream(testbed, body()) as answer:
        assert answer.status == 200
        assert answer.headers["Deprecation"] == f"@{now - DAY_S}"
        assert answer.headers["Sunset"].endswith(" GMT")


async def test_a_model_that_is_not_deprecated_yet_sends_no_headers(testbed: Testbed) -> None:
    await publish(testbed.redis, model(deprecated_at_s=int(time.time()) + DAY_S))
    await testbed.runtime.directory.refresh()
    async with open_stream(testbed, body()) as answer:
        assert "Deprecation" not in answer.headers


async def test_a_retired_model_names_its_replacement(testbed: Testbed) -> None:
    past = int(time.time()) - DAY_S
    old = model("old", deprecated_at_s=past, sunset_at_s=past, replacement_id="gpt-5")
    await publish(testbed.redis, old, model())
    await testbed.runtime.directory.refresh()
    status, answer = await post(testbed, body(model="old"))
    error = json.loads(answer)["error"]
    assert (status, error["code"]) == (404, "model_not_found")
    assert error["details"]["replacement_id"] == "gpt-5"


async def test_a_model_of_another_purpose_is_refused_by_name(testbed: Testbed) -> None:
    status, answer = await post(testbed, body(model="vectors"))
    assert (status, json.loads(answer)["error"]["param"]) == (400, "model")
    status, _ = await post(testbed, {"model": "gpt-5", "input": "x"}, "/v1/embeddings")
    assert status == 400


async def test_an_estimate_is_free_and_reports_the_hold(testbed: Testbed) -> None:
    status, answer = await post(testbed, body(max_tokens=2_000), "/v1/estimate")
    estimate = json.loads(answer)
    assert status == 200
    assert estimate["max_output_tokens"] == 2_000
    assert 0 < estimate["credits"]["least"] <= estimate["credits"]["first_hold"]
    assert estimate["credits"]["first_hold"] < estimate["credits"]["most"]
    assert await testbed.table.entries("A") == []
