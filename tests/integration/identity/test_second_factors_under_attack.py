"""What somebody gains who has the password of an account with a second factor: nothing."""

import asyncio
import json
import re

import pytest

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.notifications import outbox
from tests.integration.identity.browser import PASSWORD, App, Browser, Forms, sign_in
from tests.integration.identity.test_second_factors import Time, log_in, set_up_totp

_UNDO = re.compile(r"undo-email\?token=([\w-]+)")


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


async def test_many_guesses_at_once_are_five(browser: Browser, user: User, now: Time) -> None:
    """All sent before the first is answered, so that none sees another's failure."""
    await set_up_totp(browser, user.email, now)
    thief = Browser(browser.client)
    form = Forms((await log_in(thief, user.email)).text)
    guesses = [{**form.fields, "code": f"{each:06}"} for each in range(30)]
    answers = await asyncio.gather(*(thief.post(form.action, each) for each in guesses))
    reported = sum(each.status in {401, 429} for each in answers)
    assert reported == 5
    assert {each.location for each in answers if each.status == 303} == {"/login"}


async def test_many_browsers_share_an_accounts_guesses(
    browser: Browser, user: User, now: Time
) -> None:
    await set_up_totp(browser, user.email, now)
    thieves = [Browser(browser.client) for _ in range(6)]
    forms = [Forms((await log_in(each, user.email)).text) for each in thieves]
    answers = await asyncio.gather(
        *(
            thief.post(form.action, {**form.fields, "code": f"{each:06}"})
            for thief, form in zip(thieves, forms, strict=True)
            for each in range(5)
        )
    )
    statuses = [each.status for each in answers]
    assert set(statuses) <= {401, 429}
    assert statuses.count(401) <= 20


async def test_a_new_password_ends_what_is_half_way_in(
    browser: Browser, user: User, now: Time, container: Container
) -> None:
    """Who had the old password, and then finds the phone, begins again."""
    secret, _ = await set_up_totp(browser, user.email, now)
    thief = Browser(browser.client)
    page = await log_in(thief, user.email)
    wanted = {"current_password": PASSWORD, "new_password": "a much better password"}
    await browser.submit(await browser.get("/account/password"), **wanted)
    assert await container.pool.fetchval("SELECT count(*) FROM mfa_challenges") == 0
    assert (await thief.submit(page, code=now.code(secret))).location == "/login"


@pytest.mark.parametrize(
    "change", ["state = 'suspended'", "deleted_at = now() - interval '31 days'"]
)
async def test_who_may_not_sign_in_any_more_does_not_between_the_steps(
    browser: Browser, user: User, now: Time, container: Container, *, change: str
) -> None:
    secret, _ = await set_up_totp(browser, user.email, now)
    late = Browser(browser.client)
    page = await log_in(late, user.email)
    await container.pool.execute(f"UPDATE users SET {change}")
    assert (await late.submit(page, code=now.code(secret))).location == "/login"
    assert (await late.get("/account")).location.startswith("/login")


@pytest.mark.parametrize(
    "requested", [{"value": "mfa"}, {"essential": True, "values": ["mfa", "x"]}]
)
async def test_requesting_the_claim_requests_the_factor(
    browser: Browser, site: App, user: User, now: Time, requested: dict[str, object]
) -> None:
    older = Browser(browser.client)
    await sign_in(older, site, user.email)
    await set_up_totp(browser, user.email, now)
    named = json.loads(json.dumps(requested).replace('"mfa"', '"urn:headrace:acr:mfa"'))
    claims = json.dumps({"id_token": {"acr": named}})
    page = await older.get("/oauth/authorize", **site.request(claims=claims, prompt="none"))
    assert page.query["error"] == "login_required"
    free = json.dumps({"id_token": {"acr": {"essential": True}}})
    page = await older.get("/oauth/authorize", **site.request(claims=free, prompt="none"))
    assert "code" in page.query


@pytest.mark.parametrize(("age", "kept"), [("1 hour", 0), ("2 days", 1)])
async def test_taking_an_account_back_trusts_only_what_is_older(
    browser: Browser, user: User, now: Time, container: Container, *, age: str, kept: int
) -> None:
    """A thief may add a factor first, and change the address then; and may have read the codes."""
    await set_up_totp(browser, user.email, now)
    aged = f"UPDATE totp_secrets SET confirmed_at = now() - interval '{age}'"
    await container.pool.execute(aged)
    requested = {"email": "thief@example.com", "current_password": PASSWORD}
    await browser.submit(await browser.get("/account/email"), **requested)
    emails = await outbox.list_recent(container.pool)
    secret = next(found for each in emails if (found := _UNDO.search(each.body)))[1]
    owner = Browser(browser.client)
    assert (await owner.submit(await owner.get("/undo-email", token=secret))).status == 303
    assert await container.pool.fetchval("SELECT count(*) FROM totp_secrets") == kept
    assert await container.pool.fetchval("SELECT count(*) FROM recovery_codes") == 0
