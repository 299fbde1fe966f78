"""A suspended user: refused on every route, with whatever was issued before, in both planes."""

import asyncio
from typing import Any

import pytest

from control_plane.api.routes import ROUTES
from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.pages.account.routes import ACCOUNT_ROUTES
from control_plane.settings import Settings
from shared import keyspace
from shared.auth import api_keys
from tests.integration.identity.browser import PASSWORD, App, Browser, Forms, sign_in, tokens
from tests.integration.identity.mailbox import link
from tests.integration.identity.planes import inference_plane_accepts
from tests.integration.identity.test_second_factors import log_in
from tests.support import operations
from tests.support.caller import Caller

SUSPEND = "UPDATE users SET state = 'suspended'"


@pytest.fixture(params=["command", "row"])
def suspend(request: pytest.FixtureRequest, settings: Settings, container: Container) -> Any:
    """By the operator's command, and by a change of the row alone."""

    async def act(user: User) -> None:
        if request.param == "command":
            await operations.change_state(settings, user.email, "suspended")
        else:
            await container.pool.execute(SUSPEND)
        await container.publisher.publish()

    return act


async def test_tokens_and_keys_that_were_issued_before_open_nothing(
    browser: Browser, app: App, user: User, container: Container, suspend: Any
) -> None:
    body = await tokens(browser, app, user.email)
    caller = Caller(app.client, body["access_token"])
    _, made = await caller.ask("POST", "/v1/api-keys", {"name": "x"})
    csrf = Forms((await browser.get("/account/profile")).text).fields["csrf"]
    sent = {"csrf": csrf, "name": "page", "llm.inference": "on", "models.read": "on"}
    page = await browser.post("/account/api-keys", sent)
    page_key = f"hr_live_{page.text.partition('hr_live_')[2].partition('<')[0]}"
    assert await inference_plane_accepts(container, page_key)
    await suspend(user)
    for credential in (body["access_token"], made["secret"], page_key):
        assert not await inference_plane_accepts(container, credential)
    await asyncio.sleep(api_keys.CACHE_S)
    for route in ROUTES:
        path = route.path.replace("{id}", "gpt-5")
        sent_json: dict[str, Any] | None = None if route.method == "GET" else {}
        status, refused = await caller.ask(route.method, path, sent_json)
        code = refused["error"].get("code")
        assert (status, code) in {(403, "account_suspended"), (403, 403)}, path
        for key in (made["secret"], page_key):
            assert (await caller.ask(route.method, path, sent_json, key))[0] in {401, 403}
    assert (await app.userinfo(body["access_token"]))[0] == 401
    assert (await app.refresh(body["refresh_token"]))[1]["error"] == "invalid_grant"


async def test_no_page_and_no_new_sign_in(
    browser: Browser, app: App, site: App, user: User, suspend: Any
) -> None:
    await log_in(browser, user.email)
    code = (await sign_in(browser, app, user.email)).query["code"]
    _, device = await app.call("/oauth/device_authorization", {"scope": "openid"})
    await suspend(user)
    for method, path, _ in ACCOUNT_ROUTES:
        if method == "GET":
            assert (await browser.get(path)).location.startswith("/login"), path
    assert (await log_in(Browser(app.client), user.email)).status == 403
    assert (await app.exchange(code))[1]["error"] == "invalid_grant"
    page = await browser.get("/oauth/authorize", **site.request(prompt="none"))
    assert page.query["error"] == "login_required"
    assert (await browser.get("/device", user_code=device["user_code"])).location.startswith(
        "/login"
    )


async def test_a_reset_does_not_bring_a_suspended_user_back(
    app: App, user: User, container: Container, suspend: Any
) -> None:
    browser, new = Browser(app.client), "a much better password"
    await browser.submit(await browser.get("/forgot-password"), email=user.email)
    secret = await link(container, user.email, "Reset")
    await suspend(user)
    await browser.submit(await browser.get("/reset-password", token=secret), password=new)
    page = await browser.submit(await browser.get("/login"), email=user.email, password=new)
    assert page.status == 403
    assert "suspended" in page.text


async def test_an_account_of_a_suspended_user_spends_nothing_until_the_user_is_back(
    browser: Browser, app: App, user: User, container: Container, settings: Settings
) -> None:
    await operations.change_state(settings, user.email, "suspended")
    await container.relay.deliver()
    key = keyspace.account_key(user.id)
    states = "SELECT state FROM accounts WHERE id = $1"
    assert await container.pool.fetchval(states, user.id) == "suspended"
    await operations.change_state(settings, user.email, "active")
    await container.relay.deliver()
    assert await container.redis.hget(key, "state") in {None, b"active"}
    assert await container.pool.fetchval(states, user.id) == "active"
    page = await browser.submit(await browser.get("/login"), email=user.email, password=PASSWORD)
    assert page.status == 303
