"""What the catalogue says of a model is what its callers meet, without a restart."""

import asyncio
import json
import time

from tests.integration.inference_plane.requests import ask, asked, body
from tests.support.testbed import Testbed, model, publish

DAY_S = 86_400


async def test_a_change_of_the_catalogue_is_met_within_two_seconds(testbed: Testbed) -> None:
    assert (await ask(testbed, body(model="brand-new")))[0] == 404
    await publish(testbed.redis, model("brand-new"))
    async with asyncio.timeout(2):
        while (await ask(testbed, body(model="brand-new")))[0] != 200:
            await asyncio.sleep(0.1)


async def test_a_model_answers_to_its_other_names(testbed: Testbed) -> None:
    await publish(testbed.redis, model("gpt-5"), latest="gpt-5")
    await testbed.runtime.directory.refresh()
    assert (await ask(testbed, body(model="latest")))[0] == 200
    event = json.loads((await testbed.table.entries("A"))[-1]["__data__"])
    assert event["model_id"] == "gpt-5"


async def test_a_deprecated_model_works_and_says_that_it_will_go(testbed: Testbed) -> None:
    """RFC 9745 and RFC 8594: a structured date, and an HTTP one."""
    now = int(time.time())
    await publish(testbed.redis, model(deprecated_at_s=now - DAY_S, sunset_at_s=now + DAY_S))
    await testbed.runtime.directory.refresh()
    async with asked(testbed, body()) as answer:
        assert answer.status == 200
        assert answer.headers["Deprecation"] == f"@{now - DAY_S}"
        assert answer.headers["Sunset"].endswith(" GMT")


async def test_a_model_that_is_not_deprecated_yet_says_nothing(testbed: Testbed) -> None:
    await publish(testbed.redis, model(deprecated_at_s=int(time.time()) + DAY_S))
    await testbed.runtime.directory.refresh()
    async with asked(testbed, body()) as answer:
        assert "Deprecation" not in answer.headers


async def test_a_retired_model_names_what_takes_its_place(testbed: Testbed) -> None:
    past = int(time.time()) - DAY_S
    old = model("old", deprecated_at_s=past, sunset_at_s=past, replacement_id="gpt-5")
    await publish(testbed.redis, old, model())
    await testbed.runtime.directory.refresh()
    status, said = await ask(testbed, body(model="old"))
    error = json.loads(said)["error"]
    assert (status, error["code"]) == (404, "model_not_found")
    assert error["details"]["replacement_id"] == "gpt-5"


async def test_a_model_of_another_purpose_is_refused_by_name(testbed: Testbed) -> None:
    status, said = await ask(testbed, body(model="vectors"))
    assert (status, json.loads(said)["error"]["param"]) == (400, "model")
    status, _ = await ask(testbed, {"model": "gpt-5", "input": "x"}, "/v1/embeddings")
    assert status == 400


async def test_an_estimate_costs_nothing_and_says_what_would_be_held(testbed: Testbed) -> None:
    status, said = await ask(testbed, body(max_tokens=2_000), "/v1/estimate")
    told = json.loads(said)
    assert status == 200
    assert told["max_output_tokens"] == 2_000
    assert 0 < told["credits"]["least"] <= told["credits"]["first_hold"]
    assert told["credits"]["first_hold"] < told["credits"]["most"]
    assert await testbed.table.entries("A") == []
