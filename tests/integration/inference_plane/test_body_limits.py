"""A plan limits how large a request body may be; whoever sends more learns which plan allows it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared import keyspace
from shared.errors import RequestTooLargeForPlan
from tests.integration.inference_plane.surface_errors import SURFACES, is_shaped
from tests.support.asgi import Message
from tests.support.asgi_calls import Received, scope
from tests.support.testbed import Testbed, running_testbed, token

MIB = 1024 * 1024
PLAN, DEPLOYMENT = 2 * MIB, 4 * MIB
CHAT = "/v1/chat/completions"


@pytest.fixture
async def limited(redis_url: str) -> AsyncIterator[Testbed]:
    """`A` has `plan`, which allows 2 MiB; `wider` and `widest` allow more."""
    settings = {"HEADRACE_BODY_BYTES_MAX": DEPLOYMENT}
    async with running_testbed(redis_url, settings=settings, body=PLAN) as testbed:
        await _publish(testbed, "wider", rank=8, body=3 * MIB)
        await _publish(testbed, "widest", rank=9, body=-1)
        yield testbed


async def _publish(testbed: Testbed, tier: str, **limits: int) -> None:
    fields: dict[Any, Any] = {f"{tier}:{name}": limit for name, limit in limits.items()}
    for shard in range(keyspace.SHARDS):
        await testbed.redis.hset(keyspace.tiers_key(shard), mapping=fields)


class Sender:
    """A body in pieces of one size; `taken` is how many were asked for."""

    def __init__(self, pieces: int, size: int) -> None:
        self._pieces, self._size, self.taken = pieces, size, 0

    async def __call__(self) -> Message:
        self.taken += 1
        more = self.taken < self._pieces
        return {"type": "http.request", "body": b" " * self._size, "more_body": more}


async def _send(testbed: Testbed, path: str, sender: Sender, **headers: str) -> Received:
    own = {"Authorization": f"Bearer {token('A')}", "Content-Type": "application/json"}
    answer = Received()
    await testbed.app(scope(path, own | headers), sender, answer)
    return answer


def _padded(size: int) -> bytes:
    return b'{"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]}'.ljust(size)


@pytest.mark.parametrize("path", SURFACES)
async def test_a_body_beyond_the_plan_is_refused_before_it_is_received(
    limited: Testbed, path: str
) -> None:
    sender = Sender(1, PLAN + 1)
    answer = await _send(limited, path, sender, **{"Content-Length": str(PLAN + 1)})
    names = {k.decode(): v.decode() for k, v in answer.headers.items()}
    assert (answer.status, sender.taken) == (413, 0)
    assert is_shaped(path, 413, names, answer.body)


async def test_the_refusal_names_the_lowest_plan_that_allows_it(limited: Testbed) -> None:
    status, _, answer = await limited.post(_padded(PLAN + 1))
    error = answer["error"]
    assert (status, error["code"]) == (413, "request_too_large_for_plan")
    assert error["details"].pop("upgrade_url").endswith("/pricing")
    assert error["details"] == {
        "limit": "body_bytes",
        "allowed": PLAN,
        "size": PLAN + 1,
        "required_tier": "wider",
    }
    _, _, answer = await limited.post(_padded(3 * MIB + 1))
    assert answer["error"]["details"]["required_tier"] == "widest"


async def test_a_body_without_a_length_is_read_only_up_to_the_limit(limited: Testbed) -> None:
    sender = Sender(pieces=40, size=MIB // 4)
    answer = await _send(limited, CHAT, sender)
    assert (answer.status, sender.taken) == (413, PLAN // (MIB // 4) + 1)


async def test_a_large_body_within_the_plan_is_served(limited: Testbed) -> None:
    assert (await limited.post(_padded(PLAN)))[0] == 200


async def test_the_deployments_limit_holds_for_every_plan(limited: Testbed) -> None:
    await _publish(limited, "plan", body=-1)
    assert (await limited.post(_padded(DEPLOYMENT)))[0] == 200
    status, _, answer = await limited.post(_padded(DEPLOYMENT + 1))
    assert (status, answer["error"]["code"]) == (413, "payload_too_large")
    assert answer["error"]["details"] == {"limit_bytes": DEPLOYMENT}


async def test_the_plan_of_a_cold_account_is_loaded_first(
    limited: Testbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def load(account: str) -> Any:
        return await limited.table.load(account)

    monkeypatch.setattr(limited.runtime.loader, "load", load)
    with pytest.raises(RequestTooLargeForPlan):
        await limited.runtime.body_limits.check("B", PLAN + 1)
