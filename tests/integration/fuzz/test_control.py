"""Damaged requests to every route of the control plane: refused, never an error of ours, and the
books are what they were.
"""

import itertools
import os

import pytest
from aiohttp.test_utils import TestServer

from control_plane.app import build_app
from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from tests.support import operations
from tests.support.fuzz import cases, mutations, run
from tests.support.fuzz.cases import Case

REQUESTS = int(os.environ.get("HEADRACE_FUZZ_REQUESTS", "5000"))
ENDING_REQUESTS = 200
SEED = int(os.environ.get("HEADRACE_FUZZ_SEED", "20261125"))


@pytest.fixture
async def user(settings: Settings, container: Container) -> User:
    return await operations.create_user(
        settings, "fuzz@example.com", "pro", 100, "a long password of a fuzzer"
    )


@pytest.mark.parametrize("routes", [cases.CONTROL, cases.IDENTITY], ids=["json", "identity"])
async def test_no_route_fails_on_damaged_requests(
    settings: Settings, container: Container, user: User, routes: tuple[Case, ...]
) -> None:
    damaged = mutations.damaged(routes, SEED)[:REQUESTS]

    async def sign_in() -> str:
        return token

    token = await operations.issue_token(settings, user.email)
    async with TestServer(build_app(settings, container)) as server:
        assert server.port is not None
        report = await run.run("127.0.0.1", server.port, damaged, sign_in)
    assert report.findings == []
    assert report.requests == len(damaged)
    assert report.statuses[200] > len(damaged) / 20, report.statuses
    assert (await operations.audit(settings)).clean


async def test_no_damaged_request_to_delete_an_account_fails(
    settings: Settings, container: Container
) -> None:
    """Each may delete the account that sends it, so each has an account of its own."""
    damaged = mutations.damaged(cases.ENDING, SEED)[:ENDING_REQUESTS]
    numbers = itertools.count()

    async def sign_in() -> str:
        email = f"fuzz{next(numbers)}@example.com"
        await operations.create_user(settings, email, "free")
        return await operations.issue_token(settings, email)

    async with TestServer(build_app(settings, container)) as server:
        assert server.port is not None
        report = await run.run("127.0.0.1", server.port, damaged, sign_in)
    assert report.findings == []
    assert (await operations.audit(settings)).clean
