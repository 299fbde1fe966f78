"""Accounts: begun, proven, recovered, changed, left; by pages and by JSON."""

import asyncio

import pytest

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.notifications import outbox
from control_plane.settings import Settings
from shared import keyspace
from tests.integration.identity.browser import (
    CLIENT,
    PASSWORD,
    App,
    Browser,
    Forms,
    sign_in,
    tokens,
)
from tests.integration.identity.mailbox import link
from tests.support import operations
from tests.support.caller import Caller

NEW = "a much better password"


@pytest.fixture
async def caller(browser: Browser, app: App, user: User) -> Caller:
    return Caller(app.client, (await tokens(browser, app, user.email))["access_token"])


async def test_registering_leads_on_to_the_application(
    browser: Browser, app: App, container: Container
) -> None:
    page = await browser.follow(
        await browser.get("/oauth/authorize", **app.request(prompt="create"))
    )
    assert "Create an account" in page.text
    weak = await browser.submit(page, email="not one", password="password123")
    assert weak.status == 422
    assert "must be a valid e-mail address" in weak.text
    assert "too common" in weak.text
    page = await browser.follow(
        await browser.submit(page, email="New@Example.com", password=PASSWORD)
    )
    page = await browser.submit(page, decision="allow")
    _, body = await app.exchange(page.query["code"])
    _, reported = await app.userinfo(body["access_token"])
    assert (reported["email"], reported["email_verified"]) == ("new@example.com", False)
    secret = await link(container, "new@example.com", "Verify")
    for _ in range(2):
        page = await browser.get("/verify-email", token=secret)
        assert page.status == 200
    assert "verified" in (await browser.submit(page)).text
    assert (await app.userinfo(body["access_token"]))[1]["email_verified"] is True
    assert (await browser.get("/verify-email", token=secret)).status == 400


async def test_an_address_is_taken_once(app: App, user: User) -> None:
    caller = Caller(app.client)
    taken = {"email": "ADA@example.com", "password": PASSWORD}
    assert (await caller.ask("POST", "/auth/register", taken))[0] == 409
    bad = {"email": "nothing", "password": "short"}
    status, body = await caller.ask("POST", "/auth/register", bad)
    named = {field["field"] for field in body["error"]["details"]["fields"]}
    assert (status, named) == (422, {"email", "password"})


async def test_a_mail_that_was_lost_is_sent_again_and_no_more_often_than_one_needs(
    caller: Caller, user: User, container: Container
) -> None:
    await container.pool.execute("UPDATE users SET email_verified = false")
    for _ in range(5):
        assert (await caller.ask("POST", "/v1/users/me/verification"))[0] == 202
    status, body = await caller.ask("POST", "/v1/users/me/verification")
    assert (status, body["error"]["code"]) == (429, "rate_limit_exceeded")
    secret = {"token": await link(container, user.email, "Verify")}
    assert (await caller.ask("POST", "/auth/verify-email", secret))[0] == 200
    assert (await caller.ask("GET", "/v1/users/me"))[1]["email_verified"]


async def test_the_same_flows_as_json(app: App, container: Container) -> None:
    caller, email = Caller(app.client), "json@example.com"
    new = {"email": email, "password": PASSWORD}
    assert (await caller.ask("POST", "/auth/register", new))[0] == 201
    secret = {"token": await link(container, email, "Verify")}
    assert (await caller.ask("POST", "/auth/verify-email", secret))[0] == 200
    assert (await caller.ask("POST", "/auth/verify-email", secret))[0] == 404
    for address in (email, "nobody@example.com", "nonsense"):
        answer = await caller.ask("POST", "/auth/forgot-password", {"email": address})
        assert answer == (202, {"success": True})
    reset = {"token": await link(container, email, "password"), "password": "short"}
    assert (await caller.ask("POST", "/auth/reset-password", reset))[0] == 422
    reset["password"] = NEW
    assert (await caller.ask("POST", "/auth/reset-password", reset))[0] == 200
    assert (await caller.ask("POST", "/auth/reset-password", reset))[0] == 404


async def test_24_40_a_reset_signs_everything_out(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    body = await tokens(browser, app, user.email)
    page = await browser.submit(await browser.get("/forgot-password"), email=user.email)
    secret = await link(container, user.email, "password")
    dump = await container.pool.fetch("SELECT * FROM email_links")
    assert secret not in str([dict(row) for row in dump])
    page = await browser.get("/reset-password", token=secret)
    assert (await browser.submit(page, password="short")).status == 422
    assert (await browser.submit(page, password=NEW)).status == 200
    assert (await app.refresh(body["refresh_token"]))[0] == 400
    assert (await browser.get("/account")).status == 303
    login = await browser.submit(await browser.get("/login"), email=user.email, password=NEW)
    assert login.status == 303


async def test_a_profile_changes_field_by_field(caller: Caller, container: Container) -> None:
    status, me = await caller.ask("GET", "/v1/users/me")
    assert (status, me["email"], me["username"]) == (200, "ada@example.com", None)
    assert me["last_login_at"]
    status, me = await caller.ask("PATCH", "/v1/users/me", {"first_name": "Ada"})
    assert (status, me["first_name"]) == (200, "Ada")
    picture = {"profile_picture_url": "https://example.com/a.png", "username": "ada"}
    _, me = await caller.ask("PATCH", "/v1/users/me", picture)
    assert (me["first_name"], me["username"]) == ("Ada", "ada")
    bad = {"username": "a b", "profile_picture_url": "javascript:x", "first_name": "", "x": 1}
    status, body = await caller.ask("PATCH", "/v1/users/me", bad)
    named = {field["field"] for field in body["error"]["details"]["fields"]}
    assert (status, named) == (422, set(bad))
    _, reported = await caller.ask("GET", "/oauth/userinfo")
    assert reported["given_name"] == "Ada"


async def test_the_desktop_app_draws_a_profile_from_one_answer(caller: Caller) -> None:
    status, body = await caller.ask("GET", "/api/user/profile")
    assert (status, body["email"]) == (200, "ada@example.com")
    assert (body["subscription"]["tier"], body["subscription"]["status"]) == ("pro", "active")
    assert body["preferences"]["max_tokens"] == 4096


async def test_a_deleted_account_comes_back_by_a_login(
    browser: Browser, app: App, user: User, caller: Caller
) -> None:
    assert (await caller.ask("DELETE", "/v1/users/me"))[0] == 204
    assert (await caller.ask("GET", "/v1/users/me"))[0] == 401
    assert (await browser.get("/account")).status == 303
    body = await tokens(browser, app, user.email)
    assert (await Caller(app.client, body["access_token"]).ask("GET", "/v1/users/me"))[0] == 200


async def test_sessions_are_seen_and_ended(
    browser: Browser, app: App, user: User, caller: Caller
) -> None:
    other = Caller(app.client, (await tokens(browser, app, user.email))["access_token"])
    _, body = await caller.ask("GET", "/v1/users/me/sessions")
    assert [each["client"] for each in body["data"]] == [CLIENT, CLIENT]
    theirs = next(each["id"] for each in body["data"] if not each["current"])
    assert (await caller.ask("DELETE", f"/v1/users/me/sessions/{theirs}"))[0] == 204
    assert (await caller.ask("DELETE", f"/v1/users/me/sessions/{theirs}"))[0] == 404
    assert (await caller.ask("DELETE", "/v1/users/me/sessions/nothing"))[0] == 404
    assert (await other.ask("GET", "/v1/users/me"))[0] == 401
    assert (await caller.ask("DELETE", "/v1/users/me/sessions"))[0] == 204
    assert (await caller.ask("GET", "/v1/users/me"))[0] == 401


async def test_nobody_signs_out_the_browser_of_somebody_else(
    browser: Browser, settings: Settings, user: User, container: Container
) -> None:
    other = Browser(browser.client)
    await operations.create_user(settings, "eve@example.com", "pro", 100, PASSWORD)
    for each, email in ((browser, user.email), (other, "eve@example.com")):
        await each.submit(await each.get("/login"), email=email, password=PASSWORD)
    hers = await container.pool.fetchval(
        "SELECT encode(id_hash, 'hex') FROM browser_sessions WHERE user_id = $1", user.id
    )
    for wrong in (hers, "00" * 32, "no digest"):
        csrf = Forms((await other.get("/account/profile")).text).fields["csrf"]
        page = await other.post("/account/devices", {"csrf": csrf, "browser": wrong})
        assert page.status == 404
    assert (await browser.get("/account")).status == 200


async def test_a_password_changes_with_the_present_one(
    browser: Browser, app: App, user: User, caller: Caller
) -> None:
    path = "/v1/users/me/password"
    wrong = {"current_password": "wrong", "new_password": NEW}
    assert (await caller.ask("POST", path, wrong))[0] == 403
    right = {"current_password": PASSWORD, "new_password": NEW}
    assert (await caller.ask("POST", path, right))[0] == 204
    assert (await caller.ask("GET", "/v1/users/me"))[0] == 401
    page = await sign_in(browser, app, user.email)
    assert page.status == 401


async def test_an_address_changes_once_it_is_proven(
    browser: Browser, user: User, caller: Caller, container: Container
) -> None:
    wanted = {"current_password": PASSWORD, "email": "countess@example.com"}
    assert (await caller.ask("POST", "/v1/users/me/email", wanted))[0] == 202
    reported = [mail.recipient for mail in await outbox.list_recent(container.pool)]
    assert set(reported) == {"countess@example.com", user.email}
    assert (await caller.ask("GET", "/v1/users/me"))[1]["email"] == user.email
    secret = await link(container, "countess@example.com", "Confirm")
    await browser.submit(await browser.get("/verify-email", token=secret, new="1"))
    assert (await caller.ask("GET", "/v1/users/me"))[1]["email"] == "countess@example.com"


async def test_a_change_of_address_is_undone_from_the_old_one(
    browser: Browser, app: App, user: User, caller: Caller, container: Container
) -> None:
    """Whoever has the password by theft changes the address twice; the first one wins."""
    for address in ("thief@example.com", "thief2@example.com"):
        wanted = {"current_password": PASSWORD, "email": address}
        assert (await caller.ask("POST", "/v1/users/me/email", wanted))[0] == 202
        secret = await link(container, address, "Confirm")
        await browser.submit(await browser.get("/verify-email", token=secret, new="1"))
    assert (await caller.ask("GET", "/v1/users/me"))[1]["email"] == "thief2@example.com"
    theirs = await link(container, "thief@example.com", "was changed")
    page = await browser.get("/register")
    assert (await browser.submit(page, email=user.email, password=NEW)).status == 409
    ours = await link(container, user.email, "was changed")
    assert (await caller.ask("POST", "/v1/api-keys", {"name": "a thief's"}))[0] == 201
    owner = Browser(browser.client)
    for _ in range(2):
        page = await owner.get("/undo-email", token=ours)
        assert user.email in page.text
    form = Forms(page.text)
    tries = await asyncio.gather(*[owner.post(form.action, form.fields) for _ in range(4)])
    assert sorted(each.status for each in tries) == [303, 404, 404, 404]
    [page] = [await owner.follow(each) for each in tries if each.status == 303]
    assert "Choose a new password" in page.text
    assert await container.redis.hlen(keyspace.API_KEYS) == 0
    assert (await caller.ask("GET", "/v1/users/me"))[0] == 401
    refused = await sign_in(browser, app, user.email)
    assert refused.status == 401
    for token in (ours, theirs):
        assert (await browser.get("/undo-email", token=token)).status == 400
    await owner.submit(page, password=NEW)
    page = await owner.submit(await owner.get("/login"), email=user.email, password=NEW)
    assert page.status == 303


async def test_who_undoes_first_does_not_win(
    browser: Browser, user: User, caller: Caller, container: Container
) -> None:
    """The thief's own undo leaves the owner's link alive, and a deleted account comes back."""
    for address in ("thief@example.com", "thief2@example.com"):
        wanted = {"current_password": PASSWORD, "email": address}
        assert (await caller.ask("POST", "/v1/users/me/email", wanted))[0] == 202
        secret = await link(container, address, "Confirm")
        await browser.submit(await browser.get("/verify-email", token=secret, new="1"))
    theirs = await link(container, "thief@example.com", "was changed")
    ours = await link(container, user.email, "was changed")
    await browser.submit(await browser.get("/undo-email", token=theirs))
    await container.pool.execute("UPDATE users SET deleted_at = now()")
    page = await browser.submit(await browser.get("/undo-email", token=ours))
    page = await browser.follow(page)
    assert f"For <strong>{user.email}</strong>" in page.text


async def test_preferences_fit_the_catalogue(caller: Caller) -> None:
    path = "/v1/users/me/preferences"
    _, body = await caller.ask("GET", path)
    assert (body["enable_streaming"], body["max_tokens"], body["temperature"]) == (
        True,
        4096,
        0.7,
    )
    first = {"preferences_metadata": {"theme": "dark", "size": 2}, "temperature": 1.25}
    assert (await caller.ask("PATCH", path, first))[0] == 200
    second = {"preferences_metadata": {"size": None, "x": [1]}, "default_model_id": "gpt-5"}
    _, body = await caller.ask("PATCH", path, second)
    assert body["preferences_metadata"] == {"theme": "dark", "x": [1]}
    assert (body["temperature"], body["default_model_id"]) == (1.25, "gpt-5")
    _, body = await caller.ask("PATCH", path, {"temperature": None})
    assert body["temperature"] == 0.7
    bad = {"max_tokens": 5000, "default_model_id": "gpt-5"}
    status, body = await caller.ask("PATCH", path, bad)
    assert (status, body["error"]["details"]["fields"][0]["field"]) == (422, "max_tokens")
    bad = {"max_tokens": 0, "temperature": 3, "enable_streaming": "perhaps"}
    status, body = await caller.ask("PATCH", path, bad)
    assert len(body["error"]["details"]["fields"]) == 3
    _, body = await caller.ask("POST", f"{path}/model", {"model_id": "claude-3.5-sonnet"})
    assert body["default_model_id"] == "claude-3.5-sonnet"
    _, body = await caller.ask("GET", f"{path}/model")
    assert body["model"]["id"] == "claude-3.5-sonnet"
    status, body = await caller.ask("POST", f"{path}/model", {"model_id": "none"})
    assert (status, body["error"]["code"]) == (404, "model_not_found")
