"""Somebody registers an address that is not theirs, and prepares the account for its owner."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from control_plane.container import Container
from control_plane.identity.mfa import store as mfa
from control_plane.identity.users.records import User
from shared.auth import api_keys
from tests.integration.identity.browser import PASSWORD, App, Browser, Forms, Page, sign_in
from tests.integration.identity.mailbox import link
from tests.integration.identity.planes import control_plane_status, inference_plane_accepts
from tests.integration.identity.test_second_factors import Time, log_in, set_up_totp
from tests.support.caller import Caller

OWNER, THIEF = "owner@example.com", "thief@example.com"
NEW = "a much better password"

Proof = Callable[[Browser, Container], Awaitable[Page]]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@dataclass
class Prepared:
    """What the thief made in the account, and the browser of the thief."""

    browser: Browser
    user_id: str
    key: str
    access_token: str
    refresh_token: str
    change: str


async def prepare(app: App, container: Container, now: Time) -> Prepared:
    """Registers, makes a key and a grant, enrols TOTP, and asks for a change of address."""
    thief = Browser(app.client)
    await thief.submit(await thief.get("/register"), email=OWNER, password=PASSWORD)
    return await leave_behind(app, container, now, thief)


async def leave_behind(app: App, container: Container, now: Time, thief: Browser) -> Prepared:
    await set_up_totp(thief, OWNER, now)
    now.move(-60)  # a token from the future is refused
    code = (await sign_in(thief, app, OWNER)).query["code"]
    _, made = await app.exchange(code)
    caller = Caller(app.client, made["access_token"])
    sent = {"name": "mine", "scopes": ["llm.inference"]}
    _, key = await caller.ask("POST", "/v1/api-keys", sent)
    csrf = Forms((await thief.get("/account/profile")).text).fields["csrf"]
    await thief.post("/account/api-keys", {"csrf": csrf, "name": "page", "llm.inference": "on"})
    wanted = {"email": THIEF, "current_password": PASSWORD}
    assert (await caller.ask("POST", "/v1/users/me/email", wanted))[0] == 202
    user_id = (await caller.ask("GET", "/v1/users/me"))[1]["id"]
    change = await link(container, THIEF, "Confirm")
    tokens = made["access_token"], made["refresh_token"]
    return Prepared(thief, user_id, key["secret"], *tokens, change)


async def by_verifying(owner: Browser, container: Container) -> Page:
    secret = await link(container, OWNER, "Verify")
    return await owner.submit(await owner.get("/verify-email", token=secret))


async def by_verifying_in_json(owner: Browser, container: Container) -> Page:
    sent = {"token": await link(container, OWNER, "Verify")}
    assert (await Caller(owner.client).ask("POST", "/auth/verify-email", sent))[0] == 200
    return Page(200, "", {}, "")


async def by_resetting(owner: Browser, container: Container) -> Page:
    await owner.submit(await owner.get("/forgot-password"), email=OWNER)
    secret = await link(container, OWNER, "Reset")
    return await owner.submit(await owner.get("/reset-password", token=secret), password=NEW)


async def nothing_is_left(app: App, container: Container, prepared: Prepared) -> None:
    """Of what the thief made, in either plane."""
    await asyncio.sleep(api_keys.CACHE_S)
    for credential in (prepared.key, prepared.access_token):
        assert not await inference_plane_accepts(container, credential)
        assert await control_plane_status(app.client, credential) == 401
    assert (await app.refresh(prepared.refresh_token))[0] == 400
    await container.publisher.publish()
    assert not await inference_plane_accepts(container, prepared.key)
    assert await container.pool.fetchval("SELECT count(*) FROM valid_api_keys") == 0
    factors = await mfa.load(container.pool, prepared.user_id)
    assert (factors.any, factors.recovery_codes) == (False, 0)
    assert (await prepared.browser.get("/account")).location.startswith("/login")
    open_links = "SELECT count(*) FROM email_links WHERE consumed_at IS NULL"
    assert await container.pool.fetchval(open_links) == 0
    moved = await prepared.browser.get("/verify-email", token=prepared.change, new="1")
    assert moved.status == 400


@pytest.mark.parametrize("prove", [by_verifying, by_verifying_in_json, by_resetting])
async def test_the_first_proof_drops_what_was_made_before(
    app: App, container: Container, now: Time, prove: Proof
) -> None:
    prepared = await prepare(app, container, now)
    assert (await prove(Browser(app.client), container)).status == 200
    await nothing_is_left(app, container, prepared)


async def test_the_whole_attack_ends_with_the_reset(
    app: App, container: Container, now: Time
) -> None:
    """The thief comes back after the owner has verified, since the password is still the thief's;
    the owner's first reset ends that, too.
    """
    prepared = await prepare(app, container, now)
    owner = Browser(app.client)
    await by_verifying(owner, container)
    await nothing_is_left(app, container, prepared)
    again = await leave_behind(app, container, now, Browser(app.client))
    await by_resetting(owner, container)
    await nothing_is_left(app, container, again)
    assert (await log_in(prepared.browser, OWNER)).status == 401
    page = await owner.submit(await owner.get("/login"), email=OWNER, password=NEW)
    assert (page.status, page.location) == (303, "/account")
    profile = await container.pool.fetchrow("SELECT email, email_verified FROM users")
    assert dict(profile or {}) == {"email": OWNER, "email_verified": True}


async def test_who_registered_and_proves_it_signed_in_keeps_everything(
    app: App, container: Container, now: Time
) -> None:
    """The browser that opens the link is signed in: both are one person. A later reset leaves the
    second factor on.
    """
    prepared = await prepare(app, container, now)
    await by_verifying(prepared.browser, container)
    assert await inference_plane_accepts(container, prepared.key)
    assert (await app.refresh(prepared.refresh_token))[0] == 200
    assert (await mfa.load(container.pool, prepared.user_id)).totp
    await by_resetting(Browser(app.client), container)
    assert (await mfa.load(container.pool, prepared.user_id)).totp


async def test_a_change_that_proves_an_address_first_drops_the_rest(
    app: App, container: Container, now: Time
) -> None:
    """Registered with a throw-away address, and moved to the owner's: no way back from there."""
    prepared = await prepare(app, container, now)
    target = Browser(app.client)
    page = await target.get("/verify-email", token=prepared.change, new="1")
    assert (await target.submit(page)).status == 200
    await nothing_is_left(app, container, prepared)


async def test_a_reset_ends_every_open_link(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    """Of an account whose address was proven long ago."""
    await log_in(browser, user.email)
    wanted = {"email": THIEF, "current_password": PASSWORD}
    await browser.submit(await browser.get("/account/email"), **wanted)
    change = await link(container, THIEF, "Confirm")
    half_way = Browser(app.client)
    await half_way.get("/login")
    owner = Browser(app.client)
    await owner.submit(await owner.get("/forgot-password"), email=user.email)
    secret = await link(container, user.email, "Reset")
    await owner.submit(await owner.get("/reset-password", token=secret), password=NEW)
    assert (await browser.get("/verify-email", token=change, new="1")).status == 400
    assert (await browser.get("/reset-password", token=secret)).status == 400
    left = "SELECT purpose FROM email_links WHERE consumed_at IS NULL"
    assert {row["purpose"] for row in await container.pool.fetch(left)} == {"revert_email"}
    assert await container.pool.fetchval("SELECT count(*) FROM mfa_challenges") == 0
