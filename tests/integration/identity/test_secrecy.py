"""The security list, 18, 36, 37, 41 and 43: what is kept quiet, and who is believed."""

import dataclasses
from collections.abc import AsyncIterator

import pytest
from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer
from redis.exceptions import RedisError

from control_plane.app import build_app
from control_plane.container import Container
from control_plane.identity.throttle import pause_s
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from shared import calls
from tests.integration.identity.browser import CLIENT, PASSWORD, App, Browser, sign_in

ORIGIN = "https://llm.example"


@pytest.fixture
async def secure(settings: Settings, container: Container) -> AsyncIterator[Browser]:
    """A browser of a deployment behind https."""
    served = settings.model_copy(update={"public_url": ORIGIN})
    server = TestServer(build_app(served, container))
    async with TestClient(server, cookie_jar=DummyCookieJar()) as client:
        yield Browser(client)


async def test_18_no_secret_is_logged(
    browser: Browser, app: App, user: User, capsys: pytest.CaptureFixture[str]
) -> None:
    page = await sign_in(browser, app, user.email)
    code = page.query["code"]
    _, body = await app.exchange(code)
    await app.exchange(code, code_verifier="z" * 43)
    _, _ = await app.refresh(body["refresh_token"])
    logged = capsys.readouterr()
    secrets = [code, app.verifier, body["access_token"], body["refresh_token"], body["id_token"]]
    secrets += [PASSWORD, *browser.cookies.values()]
    assert "/oauth/token" in logged.out + logged.err
    assert [each for each in secrets if each in logged.out + logged.err] == []


async def test_36_over_https_cookies_belong_to_this_host_alone(secure: Browser, user: User) -> None:
    await secure.submit(await secure.get("/login"), email=user.email, password=PASSWORD)
    assert len(secure.set_cookies) == 3
    for cookie in secure.set_cookies:
        assert cookie.startswith("__Host-headrace_")
        for mark in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            assert mark in cookie
        assert "Domain" not in cookie


async def test_41_the_issuer_is_what_the_operator_says(secure: Browser) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    path = "/.well-known/openid-configuration"
    async with secure.client.get(path, headers=headers) as answer:
        assert (await answer.json())["issuer"] == ORIGIN


async def test_43_guessed_device_codes_run_into_a_limit(
    browser: Browser, app: App, user: User
) -> None:
    page = await browser.follow(await browser.get("/device"))
    page = await browser.follow(await browser.submit(page, email=user.email, password=PASSWORD))
    statuses = {(await browser.submit(page, user_code=f"BBBB-{n:04}")).status for n in range(22)}
    assert statuses == {400, 429}


async def test_43_a_client_that_fails_too_often_waits(
    app: App, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control_plane.oauth.responses._FAILURES_MAX", 3)
    statuses = [(await app.refresh("nothing"))[0] for _ in range(5)]
    assert statuses == [400, 400, 400, 429, 429]


async def test_without_redis_people_still_sign_in(
    settings: Settings, user: User, container: Container, free_port: int
) -> None:
    nobody = calls.connect(f"redis://127.0.0.1:{free_port}")
    with pytest.raises(RedisError):
        await nobody.ping()
    server = TestServer(build_app(settings, dataclasses.replace(container, redis=nobody)))
    async with TestClient(server, cookie_jar=DummyCookieJar()) as client:
        page = await sign_in(Browser(client), App(client), user.email)
        other = Browser(client)
        wrong = await other.submit(await other.get("/login"), email=user.email, password="x")
    assert page.query["code"]
    assert wrong.status == 401


async def test_an_operators_own_application_asks_nothing(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    await container.pool.execute(
        "UPDATE oauth_clients SET skip_consent = true WHERE id = $1", CLIENT
    )
    page = await browser.follow(await browser.get("/oauth/authorize", **app.request()))
    page = await browser.submit(page, email=user.email, password=PASSWORD)
    assert page.query["code"]
    again = await browser.get("/oauth/authorize", **app.request(prompt="none"))
    assert again.query["code"]


def test_40_the_pause_doubles() -> None:
    assert [pause_s(tries) for tries in (0, 4, 5, 6, 7, 30)] == [0, 0, 1, 2, 4, 900]
