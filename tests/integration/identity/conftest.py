"""The provider over real servers, a browser, an application, and somebody who signs in."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
from aiohttp import DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from control_plane.app import build_app
from control_plane.container import Container
from control_plane.identity import recovery
from control_plane.identity.clients import store as clients
from control_plane.identity.clients.records import Client
from control_plane.identity.users.records import User
from control_plane.kit import crypto
from control_plane.settings import Settings
from control_plane.workers import loops
from tests.integration.identity.browser import PASSWORD, App, Browser
from tests.support import chromium, operations
from tests.support.chromium import Windows
from tests.support.judges import installed


@pytest.fixture
async def user(settings: Settings, container: Container) -> User:
    return await operations.create_user(settings, "ada@example.com", "pro", 100, PASSWORD)


@pytest.fixture
async def client(
    settings: Settings, container: Container
) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    server = TestServer(build_app(settings, container))
    async with TestClient(server, cookie_jar=DummyCookieJar()) as each:
        yield each


@pytest.fixture
def browser(client: TestClient[web.Request, web.Application]) -> Browser:
    return Browser(client)


@pytest.fixture
def app(client: TestClient[web.Request, web.Application]) -> App:
    return App(client)


@pytest.fixture
async def site(client: TestClient[web.Request, web.Application], container: Container) -> App:
    """A web application with a secret: consent is remembered, and PKCE is its own choice."""
    secret = crypto.create_secret()
    made = Client(
        id="site",
        name="A Site",
        scopes=["openid", "email", "profile", "offline_access"],
        secret_hash=crypto.digest(secret).hex(),
        redirect_uris=["https://site.example/back?x=1"],
        grant_types=["authorization_code", "refresh_token"],
        application_type="web",
        post_logout_redirect_uris=["https://site.example/bye"],
        skip_consent=False,
    )
    assert await clients.create_client(container.pool, made)
    uri, scope = made.redirect_uris[0], "openid email"
    return App(client, made.id, redirect_uri=uri, secret=secret, scope=scope)


@pytest.fixture(scope="session")
async def shared_chromium() -> AsyncIterator[Chromium]:
    """One for all tests of a worker. Where none can be had the run says so; under CI that is a
    failure.
    """
    binary = await asyncio.to_thread(installed.chromium)
    if binary is None:
        assert "CI" not in os.environ, installed.NO_CHROMIUM
        pytest.skip(installed.NO_CHROMIUM)
    async with chromium.running(binary) as browser:
        yield browser


@pytest.fixture
async def origin(settings: Settings, container: Container, free_port: int) -> AsyncIterator[str]:
    """The provider as a browser reaches it, with the job that sends requested resets. By a name,
    because passkeys belong to names.
    """
    issuer = f"http://localhost:{free_port}"
    served = settings.model_copy(update={"public_url": issuer, "mailbox": True})
    stop = asyncio.Event()
    resets = loops.every(
        1, "password_resets", lambda: recovery.send_requested(container.pool, served.links), stop
    )
    async with TestServer(build_app(served, container), port=free_port):
        task = asyncio.create_task(resets)
        yield issuer
        stop.set()
        await task


@pytest.fixture
async def windows(shared_chromium: Chromium, origin: str) -> AsyncIterator[Windows]:
    """Opens windows of Chromium on the provider; what goes wrong on any page fails the test."""
    async with chromium.opened(shared_chromium, origin) as each:
        yield each


@pytest.fixture
async def tab(windows: Windows) -> Page:
    """One tab, in a window of its own."""
    return await windows.open()
