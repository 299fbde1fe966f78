"""A grant without offline_access ends with the session that gave it; with it, it lives on."""

from functools import partial
from typing import Any

import pytest

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.workers.cleanup import clean_up
from tests.integration.identity.browser import PASSWORD, App, Browser, Forms, sign_in
from tests.integration.identity.mailbox import link
from tests.integration.identity.planes import control_plane_status, inference_plane_accepts
from tests.integration.identity.test_second_factors import log_in
from tests.support.caller import Caller

ONLINE = "openid email llm.inference models.read user.info"
ME = "/v1/users/me"


async def tokens_of(browser: Browser, app: App, email: str, scope: str = ONLINE) -> dict[str, Any]:
    page = await sign_in(browser, app, email, scope=scope)
    status, body = await app.exchange(page.query["code"])
    assert status == 200, body
    return dict(body)


async def tokens_of_a_device(
    browser: Browser, app: App, email: str, scope: str = ONLINE
) -> dict[str, Any]:
    """The browser signs in, and connects a device that requested for `scope`."""
    _, requested = await app.call("/oauth/device_authorization", {"scope": scope})
    await log_in(browser, email)
    page = await browser.get("/device", user_code=requested["user_code"])
    page = await browser.submit(page, user_code=requested["user_code"])
    await browser.submit(page, decision="allow")
    grant_type = "urn:ietf:params:oauth:grant-type:device_code"
    status, body = await app.token(
        {"grant_type": grant_type, "device_code": requested["device_code"]}
    )
    assert status == 200, body
    return dict(body)


async def by_signing_out(browser: Browser, user: User, container: Container) -> None:
    await browser.submit(await browser.get("/oauth/logout"))


async def by_ending_it_from_another_browser(
    browser: Browser, user: User, container: Container
) -> None:
    other = Browser(browser.client)
    await log_in(other, user.email)
    csrf = Forms((await other.get("/account/profile")).text).fields["csrf"]
    page = "SELECT encode(id_hash, 'hex') FROM browser_sessions ORDER BY authenticated_at LIMIT 1"
    public_id = await container.pool.fetchval(page)
    await other.post("/account/devices", {"csrf": csrf, "browser": public_id})


async def by_signing_in_as_somebody_else(
    browser: Browser, user: User, container: Container
) -> None:
    page = await browser.get("/register")
    await browser.submit(page, email="eve@example.com", password=PASSWORD)


async def by_being_idle(browser: Browser, user: User, container: Container) -> None:
    idle = "UPDATE browser_sessions SET seen_at = now() - interval '15 days'"
    await container.pool.execute(idle)
    await clean_up(container)
    await container.publisher.publish()


ENDS = [
    by_signing_out,
    by_ending_it_from_another_browser,
    by_signing_in_as_somebody_else,
    by_being_idle,
]


@pytest.fixture(params=[tokens_of, tokens_of_a_device])
def tokens(request: pytest.FixtureRequest, browser: Browser, app: App, user: User) -> Any:
    """Gets tokens for a scope, by the way of an application or of a device."""
    return partial(request.param, browser, app, user.email)


@pytest.fixture(params=ENDS)
def end(request: pytest.FixtureRequest, browser: Browser, user: User, container: Container) -> Any:
    return partial(request.param, browser, user, container)


async def test_it_ends_with_its_session_in_both_planes(
    app: App, container: Container, tokens: Any, end: Any
) -> None:
    """Desktop clients and devices get a refresh token all the same, and it ends, too."""
    body = await tokens()
    assert body["refresh_token"]
    key = (
        await Caller(app.client, body["access_token"]).ask(
            "POST", "/v1/api-keys", {"name": "x", "scopes": ["llm.inference"]}
        )
    )[1]["secret"]
    await end()
    for credential in (body["access_token"], key):
        assert not await inference_plane_accepts(container, credential)
    assert await control_plane_status(app.client, body["access_token"]) == 401
    assert (await app.userinfo(body["access_token"]))[0] == 401
    assert (await app.refresh(body["refresh_token"]))[0] == 400


async def test_with_offline_access_it_lives_on(
    app: App, container: Container, tokens: Any, end: Any
) -> None:
    body = await tokens(f"{ONLINE} offline_access")
    await end()
    assert await inference_plane_accepts(container, body["access_token"])
    assert await control_plane_status(app.client, body["access_token"]) == 200
    assert (await app.refresh(body["refresh_token"]))[0] == 200


async def test_signing_in_again_in_the_same_browser_ends_nothing(
    browser: Browser, app: App, user: User
) -> None:
    body = await tokens_of(browser, app, user.email)
    old = browser.cookies["headrace_session"]
    await log_in(browser, user.email)
    assert browser.cookies["headrace_session"] != old
    assert (await app.userinfo(body["access_token"]))[0] == 200
    await browser.submit(await browser.get("/oauth/logout"))
    assert (await app.userinfo(body["access_token"]))[0] == 401


async def test_a_session_that_ended_meanwhile_gives_no_grant(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    """A code that was issued before the sign-out is worth nothing after it."""
    page = await sign_in(browser, app, user.email, scope=ONLINE)
    await browser.submit(await browser.get("/oauth/logout"))
    assert (await app.exchange(page.query["code"]))[0] == 400


async def test_a_missing_scope_means_the_clients_own(
    browser: Browser, app: App, site: App, user: User
) -> None:
    """RFC 6749, section 3.3: the default is what the client is registered for."""
    for scope in (None, ""):
        page = await sign_in(browser, site, user.email, scope=scope)
        _, body = await site.exchange(page.query["code"])
        assert body["scope"].split() == ["openid", "email", "profile", "offline_access"]
    page = await sign_in(browser, app, user.email, scope=None)
    _, body = await app.exchange(page.query["code"])
    wanted = "openid email profile offline_access llm.inference models.read user.info credits.read"
    assert body["scope"] == wanted
    _, device = await app.call("/oauth/device_authorization", {})
    assert device["user_code"]


async def test_a_request_to_reset_does_the_same_for_every_address(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    """It is stored and answered; only the job looks for an account, and a crash loses nothing."""
    caller = Caller(app.client)
    for email in (user.email, "nobody@example.com"):
        await caller.ask("POST", "/auth/forgot-password", {"email": email})
        await browser.submit(await browser.get("/forgot-password"), email=email)
    queued = await container.pool.fetch("SELECT email FROM reset_requests ORDER BY id")
    assert [row["email"] for row in queued] == [user.email] * 2 + ["nobody@example.com"] * 2
    for table in ("email_links", "email_outbox"):
        assert await container.pool.fetchval(f"SELECT count(*) FROM {table}") == 0
    assert await link(container, user.email, "Reset")
    assert await container.pool.fetchval("SELECT count(*) FROM reset_requests") == 0


async def test_a_crash_while_resets_are_sent_loses_none(
    app: App, user: User, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: str) -> None:
        raise RuntimeError

    await Caller(app.client).ask("POST", "/auth/forgot-password", {"email": user.email})
    with monkeypatch.context() as patched:
        patched.setattr("control_plane.notifications.emails.reset_password", crash)
        with pytest.raises(RuntimeError):
            await link(container, user.email, "Reset")
    assert await link(container, user.email, "Reset")
