"""Limits hold before the check, by one name, and never against the owner."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from control_plane.container import Container
from control_plane.identity.users import passwords
from control_plane.identity.users.records import User
from control_plane.kit import client_info, clock
from control_plane.pages.request import KNOWN_USERS
from control_plane.settings import Settings
from tests.integration.identity.browser import (
    PASSWORD,
    App,
    Browser,
    Forms,
    Page,
    sign_in,
    tokens,
)
from tests.integration.identity.mailbox import letters, link
from tests.integration.identity.test_second_factors import Time, log_in, set_up_totp
from tests.support import operations
from tests.support.caller import Caller

FREE = 5
WRONG = "a wrong password"
FULL_WIDTH = str.maketrans("ade", "ａｄｅ")


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause ends while a slow machine is still guessing."""
    stopped = clock.now()
    monkeypatch.setattr(clock, "now", lambda: stopped)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was compared with a hash."""
    found: list[str] = []
    real = passwords.check

    async def check(password: str, password_hash: str | None) -> bool:
        found.append(password)
        return await real(password, password_hash)

    monkeypatch.setattr(passwords, "check", check)
    return found


async def attempt(browser: Browser, email: str, password: str, ip: str = "203.0.113.9") -> Page:
    form = Forms((await browser.get("/login")).text)
    sent = {**form.fields, "email": email, "password": password}
    return await browser.post("/login", sent, X_Forwarded_For=ip)


async def pause(browser: Browser, email: str) -> None:
    """As a stranger does it."""
    statuses = [(await attempt(browser, email, WRONG)).status for _ in range(FREE + 1)]
    assert statuses == [401] * FREE + [429]


async def test_while_paused_the_right_password_is_refused_too(browser: Browser, user: User) -> None:
    await pause(browser, user.email)
    assert (await attempt(browser, user.email, PASSWORD)).status == 429


async def test_above_the_limit_of_a_network_the_right_password_is_refused_too(
    browser: Browser, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control_plane.identity.sign_in._ATTEMPTS_MAX", 3)
    for number in range(3):
        assert (await attempt(browser, f"p{number}@example.com", WRONG)).status == 401
    assert (await attempt(browser, user.email, PASSWORD)).status == 429
    assert (await attempt(browser, user.email, PASSWORD, "198.51.100.1")).status == 303


async def test_successes_use_up_no_limit(
    browser: Browser, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control_plane.identity.sign_in._ATTEMPTS_MAX", 2)
    for _ in range(5):
        assert (await attempt(Browser(browser.client), user.email, PASSWORD)).status == 303


async def test_of_24_wrong_passwords_at_once_the_free_ones_are_hashed(
    browser: Browser, user: User, hashed: list[str]
) -> None:
    browsers = [Browser(browser.client) for _ in range(24)]
    pages = await asyncio.gather(*(attempt(each, user.email, WRONG) for each in browsers))
    assert Counter(page.status for page in pages) == {401: FREE, 429: 24 - FREE}
    assert len(hashed) == FREE


async def test_of_24_wrong_passwords_at_once_in_json_the_free_ones_are_hashed(
    browser: Browser, app: App, user: User, hashed: list[str]
) -> None:
    caller = Caller(app.client, (await tokens(browser, app, user.email))["access_token"])
    hashed.clear()
    sent = {"current_password": WRONG}
    answers = await asyncio.gather(*(caller.ask("DELETE", "/v1/users/me", sent) for _ in range(24)))
    assert Counter(status for status, _ in answers) == {403: FREE, 429: 24 - FREE}
    assert len(hashed) == FREE
    right = {"current_password": PASSWORD}
    assert (await caller.ask("DELETE", "/v1/users/me", right))[0] == 429


@pytest.mark.parametrize(
    "written",
    [str.upper, lambda email: email.translate(FULL_WIDTH), lambda email: f" {email}\t"],
    ids=["upper case", "full width", "spaces"],
)
async def test_one_account_has_one_counter_however_it_is_written(
    browser: Browser, user: User, written: Any
) -> None:
    await pause(browser, user.email)
    assert (await attempt(browser, written(user.email), PASSWORD)).status == 429


async def test_a_stranger_does_not_lock_the_owner_out(browser: Browser, user: User) -> None:
    """The browser the owner has used before has a counter of its own, even in one network."""
    assert (await attempt(browser, user.email, PASSWORD)).status == 303
    await browser.submit(await browser.get("/oauth/logout"))
    await pause(Browser(browser.client), user.email)
    assert (await attempt(browser, user.email, PASSWORD)).status == 303
    assert (await attempt(Browser(browser.client), user.email, PASSWORD)).status == 429


async def test_the_network_of_a_stranger_does_not_lock_the_owner_out(
    browser: Browser, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control_plane.identity.sign_in._ATTEMPTS_MAX", 1)
    assert (await attempt(browser, user.email, PASSWORD)).status == 303
    for number in range(2):
        await attempt(Browser(browser.client), f"p{number}@example.com", WRONG)
    assert (await attempt(browser, user.email, PASSWORD)).status == 303


async def test_the_owners_browser_is_limited_by_itself(browser: Browser, user: User) -> None:
    """A stolen browser guesses no faster, and what it does is nobody else's pause."""
    assert (await attempt(browser, user.email, PASSWORD)).status == 303
    await pause(browser, user.email)
    assert (await attempt(Browser(browser.client), user.email, PASSWORD)).status == 303


async def test_the_mark_of_a_browser_is_bound_to_it_and_to_the_account(
    browser: Browser, settings: Settings, user: User
) -> None:
    await operations.create_user(settings, "eve@example.com", "pro", 100, PASSWORD)
    eve = Browser(browser.client)
    await attempt(eve, "eve@example.com", PASSWORD)
    await attempt(browser, user.email, PASSWORD)
    copied = Browser(browser.client, {KNOWN_USERS: browser.cookies[KNOWN_USERS]})
    forged = Browser(browser.client, {KNOWN_USERS: "x" * 43})
    await pause(Browser(browser.client), user.email)
    for each in (eve, copied, forged):
        assert (await attempt(each, user.email, PASSWORD)).status == 429


async def test_a_stranger_with_the_password_does_not_pause_the_owners_second_factor(
    browser: Browser, user: User, now: Time
) -> None:
    secret, _ = await set_up_totp(browser, user.email, now)
    statuses = []
    for _ in range(FREE + 2):
        stranger = Browser(browser.client)
        page = await stranger.submit(await log_in(stranger, user.email), code="000000")
        statuses.append(page.status)
    assert statuses[-1] == 429
    page = await browser.submit(await log_in(browser, user.email), code=now.code(secret))
    assert page.status == 303


async def test_while_paused_the_right_code_is_refused_too(
    browser: Browser, user: User, now: Time
) -> None:
    secret, codes = await set_up_totp(browser, user.email, now)
    for _ in range(FREE):
        stranger = Browser(browser.client)
        await stranger.submit(await log_in(stranger, user.email), code="000000")
    for right in (now.code(secret), codes[0]):
        stranger = Browser(browser.client)
        page = await stranger.submit(await log_in(stranger, user.email), code=right)
        assert page.status == 429


async def test_above_the_limit_the_right_user_code_is_refused_too(
    browser: Browser, app: App, user: User
) -> None:
    _, body = await app.call("/oauth/device_authorization", {"scope": "openid"})
    page = await browser.follow(await browser.get("/device"))
    page = await browser.follow(await browser.submit(page, email=user.email, password=PASSWORD))
    form = Forms(page.text)
    guesses = [{**form.fields, "user_code": f"BBBB-{number:04}"} for number in range(40)]
    answers = await asyncio.gather(*(browser.post(form.action, each) for each in guesses))
    assert Counter(each.status for each in answers) == {400: 20, 429: 20}
    right = await browser.submit(page, user_code=body["user_code"])
    assert right.status == 429


async def test_above_the_limit_the_right_client_secret_and_token_are_refused_too(
    browser: Browser, site: App, app: App, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = await tokens(browser, app, user.email)
    code = (await sign_in(browser, site, user.email)).query["code"]
    monkeypatch.setattr("control_plane.oauth.responses._FAILURES_MAX", 3)
    wrong = App(site.client, site.client_id, site.redirect_uri, "wrong")
    answers = await asyncio.gather(*(wrong.exchange("x") for _ in range(12)))
    assert Counter(status for status, _ in answers) == {401: 3, 429: 9}
    assert (await site.exchange(code))[0] == 429
    assert (await app.refresh(given["refresh_token"]))[0] == 429


async def test_above_the_limit_the_right_reset_link_is_refused_too(
    browser: Browser, app: App, user: User, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control_plane.api.auth._REQUESTS_MAX", 3)
    caller = Caller(app.client)
    await caller.ask("POST", "/auth/forgot-password", {"email": user.email})
    right = await link(container, user.email, "Reset")
    for _ in range(3):
        sent = {"token": "x", "password": "a much better password"}
        assert (await caller.ask("POST", "/auth/reset-password", sent))[0] == 404
    sent["token"] = right
    assert (await caller.ask("POST", "/auth/reset-password", sent))[0] == 429


async def test_a_password_is_hashed_for_a_live_link_only(
    app: App, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: str) -> str:
        raise AssertionError("hashed")

    monkeypatch.setattr(passwords, "create_hash", never)
    sent = {"token": "x", "password": "a much better password"}
    assert (await Caller(app.client).ask("POST", "/auth/reset-password", sent))[0] == 404


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.5", "203.0.113.5", True),
        ("203.0.113.5", "203.0.113.6", False),
    ],
)
async def test_ipv6_is_limited_by_its_64(
    browser: Browser,
    user: User,
    monkeypatch: pytest.MonkeyPatch,
    *,
    first: str,
    second: str,
    shared: bool,
) -> None:
    assert (client_info.network_of(first) == client_info.network_of(second)) is shared
    monkeypatch.setattr("control_plane.identity.sign_in._ATTEMPTS_MAX", 1)
    await attempt(browser, "nobody@example.com", WRONG, first)
    status = 429 if shared else 303
    assert (await attempt(browser, user.email, PASSWORD, second)).status == status


async def test_mail_to_one_person_is_limited_by_the_day_and_nobody_learns_it(
    app: App, user: User, container: Container
) -> None:
    caller = Caller(app.client)
    for email in (user.email, "nobody@example.com"):
        for _ in range(8):
            answer = await caller.ask("POST", "/auth/forgot-password", {"email": email})
            assert answer == (202, {"success": True})
    assert len(await letters(container)) == 5
    aged = "UPDATE email_links SET expires_at = expires_at - interval '25 hours'"
    await container.pool.execute(aged)
    await caller.ask("POST", "/auth/forgot-password", {"email": user.email})
    assert len(await letters(container)) == 6


async def test_mail_to_a_new_address_is_limited_by_the_day_whoever_asks(
    app: App, settings: Settings, container: Container
) -> None:
    statuses = []
    for number in range(6):
        name = f"p{number}@example.com"
        await operations.create_user(settings, name, "pro", 100, PASSWORD)
        token = await operations.issue_token(settings, name)
        sent = {"email": "victim@example.com", "current_password": PASSWORD}
        caller = Caller(app.client, token)
        statuses.append((await caller.ask("POST", "/v1/users/me/email", sent))[0])
    assert statuses == [202] * 5 + [429]


async def test_a_plan_has_a_maximum_of_api_keys(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    """Also of those that are made at once; a revoked one makes room."""
    await container.pool.execute("UPDATE tiers SET api_keys_max = 3 WHERE id = 'pro'")
    caller = Caller(app.client, (await tokens(browser, app, user.email))["access_token"])
    made = await asyncio.gather(
        *(caller.ask("POST", "/v1/api-keys", {"name": f"k{number}"}) for number in range(8))
    )
    assert Counter(status for status, _ in made) == {201: 3, 409: 5}
    refused = next(body["error"] for status, body in made if status == 409)
    assert refused["details"] == {"limit": "api_keys_max", "maximum": 3}
    key_id = next(body["id"] for status, body in made if status == 201)
    assert (await caller.ask("DELETE", f"/v1/api-keys/{key_id}"))[0] == 204
    assert (await caller.ask("POST", "/v1/api-keys", {"name": "again"}))[0] == 201
