"""Thirty days after leaving nothing tells who somebody was, and the books still add up."""

from collections.abc import AsyncIterator
from importlib.resources import files

import pytest

from control_plane.billing import renewal
from control_plane.container import Container
from control_plane.identity import erasure
from control_plane.identity.users.records import User
from control_plane.ledger.audit.auditor import Auditor
from shared.credits import MICRO
from tests.integration.control_plane.play import Spender
from tests.integration.control_plane.posting import book_outbox
from tests.integration.identity.browser import PASSWORD, App, Browser, sign_in, tokens
from tests.support.caller import Caller

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_OF_PEOPLE = """
SELECT c.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype = 'f' AND k.confrelid = 'users'::regclass AND k.confdeltype = 'c'
"""
_LEFT = "UPDATE users SET deleted_at = deleted_at - make_interval(days => $2) WHERE id = $1"


@pytest.fixture
async def caller(browser: Browser, app: App, user: User) -> Caller:
    return Caller(app.client, (await tokens(browser, app, user.email))["access_token"])


async def _leave(caller: Caller, container: Container, user: User, days: int) -> None:
    assert (await caller.ask("DELETE", "/v1/users/me"))[0] == 204
    await container.pool.execute(_LEFT, user.id, days)


async def _dump(container: Container) -> AsyncIterator[str]:
    for table in await container.pool.fetch(_TABLES):
        for row in await container.pool.fetch(f'SELECT t::text FROM "{table[0]}" t'):
            yield str(row[0])


async def test_nothing_is_left_that_names_a_person(
    caller: Caller, container: Container, user: User
) -> None:
    named = {"first_name": "Adelaide", "last_name": "Lovelace", "username": "countess"}
    await caller.ask("PATCH", "/v1/users/me", named)
    await caller.ask("POST", "/v1/api-keys", {"name": "the key of Adelaide"})
    metadata = {"preferences_metadata": {"nick": "countess"}}
    await caller.ask("PATCH", "/v1/users/me/preferences", metadata)
    await caller.ask("POST", "/v1/users/me/verification")
    words = (user.email, "Adelaide", "Lovelace", "countess", "argon2id", "aiohttp/")
    before = " ".join([row async for row in _dump(container)])
    assert [word for word in words if word not in before] == []
    await _leave(caller, container, user, 31)
    assert await erasure.erase_deleted(container.pool) == 1
    after = " ".join([row async for row in _dump(container)])
    assert [word for word in words if word in after] == []
    assert await erasure.erase_deleted(container.pool) == 0


async def test_every_table_of_people_is_erased(container: Container) -> None:
    """A table that is new and refers to users has to be named by the erasure."""
    erase = (files("control_plane.identity") / "queries.sql").read_text()
    of_people = [row[0] for row in await container.pool.fetch(_OF_PEOPLE)]
    assert len(of_people) >= 7
    assert [name for name in of_people if f"DELETE FROM {name} " not in erase] == []


async def test_the_books_still_add_up(caller: Caller, container: Container, user: User) -> None:
    await container.relay.deliver()
    await Spender(container.ledger, user.id).spend(3 * MICRO)
    await book_outbox(container, user.id)
    await _leave(caller, container, user, 31)
    await erasure.erase_deleted(container.pool)
    report = await Auditor(container.pool, container.redis).run()
    assert (report.drift, report.orphaned_holds) == ((), ())
    used = "SELECT count(*) FROM usage_history WHERE account = $1"
    assert await container.pool.fetchval(used, user.id) == 1


async def test_until_then_signing_in_brings_everything_back(
    browser: Browser, app: App, caller: Caller, container: Container, user: User
) -> None:
    await caller.ask("PATCH", "/v1/users/me/preferences", {"max_tokens": 99})
    await _leave(caller, container, user, 29)
    assert await erasure.erase_deleted(container.pool) == 0
    page = await sign_in(browser, app, user.email)
    _, given = await app.exchange(page.query["code"])
    back = Caller(app.client, given["access_token"])
    assert (await back.ask("GET", "/v1/users/me/preferences"))[1]["max_tokens"] == 99
    assert await erasure.erase_deleted(container.pool) == 0


async def test_afterwards_the_address_is_free(
    browser: Browser, app: App, caller: Caller, container: Container, user: User
) -> None:
    new = {"email": user.email, "password": PASSWORD}
    await _leave(caller, container, user, 31)
    assert "code" not in (await sign_in(browser, app, user.email)).query
    await erasure.erase_deleted(container.pool)
    status, made = await caller.ask("POST", "/auth/register", new)
    assert (status, made["id"] == user.id) == (201, False)


async def test_who_has_left_is_not_renewed(
    caller: Caller, container: Container, user: User
) -> None:
    await _leave(caller, container, user, 1)
    ended = "current_period_end = now(), anchor_at = now() - interval '1 month'"
    await container.pool.execute(f"UPDATE subscriptions SET {ended}")
    assert await renewal.renew_due(container.pool) == 0
    await container.pool.execute("UPDATE users SET deleted_at = NULL")
    assert await renewal.renew_due(container.pool) == 1
