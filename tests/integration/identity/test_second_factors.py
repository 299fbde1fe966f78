"""Codes of an app and recovery codes: asked for after the password, good once, told of by mail."""

import asyncio
import re
from datetime import timedelta

import jwt
import pyotp
import pytest

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.kit import clock
from control_plane.notifications import outbox
from control_plane.settings import Settings
from tests.integration.identity.browser import PASSWORD, App, Browser, Page, sign_in, tokens
from tests.integration.identity.mailbox import letters
from tests.support import operations
from tests.support.caller import Caller

SECURITY = "/account/security"
_OLD = "UPDATE browser_sessions SET authenticated_at = now() - interval '16 minutes'"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> "Time":
    return Time(monkeypatch)


class Time:
    """Moves on, so that a test need not wait for the app's next code."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch, self._ahead, self._real = monkeypatch, timedelta(), clock.now

    def move(self, seconds: int) -> None:
        self._ahead += timedelta(seconds=seconds)
        self._monkeypatch.setattr(clock, "now", lambda: self._real() + self._ahead)

    def code(self, secret: str) -> str:
        """What the app shows."""
        return pyotp.TOTP(secret).at(clock.now())


async def log_in(browser: Browser, email: str, path: str = "/login") -> Page:
    page = await browser.get(path)
    return await browser.follow(await browser.submit(page, email=email, password=PASSWORD))


async def set_up_totp(browser: Browser, email: str, now: Time) -> tuple[str, list[str]]:
    """The app's secret and the recovery codes; a fresh code will be shown next."""
    await log_in(browser, email)
    page = await browser.submit(await browser.get(SECURITY), do="begin_totp")
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)
    assert secret is not None, page.text
    key = secret[1].replace(" ", "")
    page = await browser.submit(page, do="confirm_totp", code=now.code(key))
    codes = re.findall(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b", page.text)
    assert len(set(codes)) == 10
    now.move(60)
    return key, codes


async def test_the_code_is_required_after_the_password_and_reported_in_amr(
    client: object, browser: Browser, app: App, user: User, now: Time
) -> None:
    """From authorize to the tokens: `amr` and `acr` say how."""
    secret, _ = await set_up_totp(browser, user.email, now)
    stranger = Browser(app.client)
    page = await stranger.follow(await stranger.get("/oauth/authorize", **app.request()))
    page = await stranger.submit(page, email=user.email, password=PASSWORD)
    assert page.location.startswith("/login/second?interaction=")
    assert (await stranger.get("/account")).location.startswith("/login")
    page = await stranger.follow(page)
    wrong = await stranger.submit(page, code="000000")
    assert wrong.status == 401
    page = await stranger.follow(await stranger.submit(page, code=now.code(secret)))
    page = await stranger.submit(page, decision="allow")
    _, body = await app.exchange(page.query["code"])
    claims = jwt.decode(body["id_token"], options={"verify_signature": False})
    assert (claims["amr"], claims["acr"]) == (["pwd", "otp", "mfa"], "urn:headrace:acr:mfa")


async def test_a_password_alone_is_reported_as_one_factor(
    browser: Browser, app: App, user: User
) -> None:
    body = await tokens(browser, app, user.email)
    claims = jwt.decode(body["id_token"], options={"verify_signature": False})
    assert (claims["amr"], claims["acr"]) == (["pwd"], "urn:headrace:acr:password")


async def test_a_code_is_good_once_and_never_before_the_last(
    browser: Browser, app: App, user: User, now: Time, container: Container
) -> None:
    """Eight browsers of somebody who looked over a shoulder: one gets in."""
    secret, _ = await set_up_totp(browser, user.email, now)
    shown, before = now.code(secret), pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=30))
    browsers = [Browser(app.client) for _ in range(8)]
    pages = [await log_in(each, user.email) for each in browsers]
    tries = zip(browsers, pages, strict=True)
    answers = await asyncio.gather(*(each.submit(page, code=shown) for each, page in tries))
    assert sorted(each.status for each in answers).count(303) == 1
    await container.redis.flushdb()
    late = Browser(app.client)
    for code in (before, shown):
        assert (await late.submit(await log_in(late, user.email), code=code)).status == 401


async def test_a_clock_may_be_half_a_minute_off(
    browser: Browser, app: App, user: User, now: Time
) -> None:
    secret, _ = await set_up_totp(browser, user.email, now)
    for seconds, status in ((-30, 303), (30, 303), (90, 401)):
        now.move(120)
        code = pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=seconds))
        another = Browser(app.client)
        assert (await another.submit(await log_in(another, user.email), code=code)).status == status


async def test_a_recovery_code_opens_once_however_it_is_typed(
    browser: Browser, app: App, user: User, now: Time, container: Container
) -> None:
    _, codes = await set_up_totp(browser, user.email, now)
    typed = codes[0].upper().replace("-", " ")
    for status in (303, 401):
        another = Browser(app.client)
        page = await another.submit(await log_in(another, user.email), code=typed)
        assert page.status == status
    [mail] = [m for m in await outbox.list_recent(container.pool) if "recovery" in m.subject]
    assert "9 recovery codes left" in mail.body
    kept = str(await container.pool.fetch("SELECT * FROM recovery_codes"))
    assert codes[1] not in kept
    assert codes[1].replace("-", "") not in kept


async def test_the_apps_secret_is_sealed(
    browser: Browser, user: User, now: Time, container: Container
) -> None:
    secret, _ = await set_up_totp(browser, user.email, now)
    kept = await container.pool.fetchval("SELECT secret_sealed FROM totp_secrets")
    assert secret.encode() not in kept
    assert pyotp.TOTP(secret).byte_secret() not in kept


async def test_the_step_belongs_to_one_browser_ends_and_fails_five_times(
    browser: Browser, app: App, user: User, now: Time, container: Container
) -> None:
    secret, codes = await set_up_totp(browser, user.email, now)
    one, other = Browser(app.client), Browser(app.client)
    page = await log_in(one, user.email)
    assert (await other.get("/login/second")).location == "/login"
    stolen = await other.get("/login")
    answer = await other.post("/login/second", {"code": codes[0], "csrf": _csrf(stolen)})
    assert answer.location == "/login"
    await container.pool.execute("UPDATE mfa_challenges SET expires_at = now()")
    assert (await one.submit(page, code=now.code(secret))).location == "/login"
    page = await log_in(one, user.email)
    for _ in range(5):
        await container.redis.flushdb()
        page = await one.submit(page, code="000000")
        assert page.status == 401
    assert (await one.submit(page, code=now.code(secret))).location == "/login"


async def test_guessing_codes_gets_slower_whatever_the_browser(
    browser: Browser, app: App, user: User, now: Time
) -> None:
    await set_up_totp(browser, user.email, now)
    statuses = []
    for _ in range(8):
        another = Browser(app.client)
        page = await log_in(another, user.email)
        statuses.append((await another.submit(page, code="000000")).status)
    assert statuses[:5] == [401] * 5
    assert 429 in statuses


async def test_changes_want_a_sign_in_of_this_quarter_of_an_hour(
    browser: Browser, user: User, container: Container
) -> None:
    await log_in(browser, user.email)
    page = await browser.get(SECURITY)
    assert page.status == 200
    await container.pool.execute(_OLD)
    assert (await browser.get(SECURITY)).location == "/login?next=%2Faccount%2Fsecurity"
    late = await browser.submit(page, do="begin_totp")
    assert late.location == "/login?next=%2Faccount%2Fsecurity"
    assert await container.pool.fetchval("SELECT count(*) FROM totp_secrets") == 0
    assert "Sign in again" in (await browser.get("/login", next=SECURITY)).text
    page = await log_in(browser, user.email, "/login?next=/account/security")
    assert "Passkeys" in page.text


async def test_a_session_from_before_changes_nothing(
    browser: Browser, app: App, user: User, now: Time
) -> None:
    """Who was signed in by the password alone has to show the new factor, too."""
    older = Browser(app.client)
    await log_in(older, user.email)
    await set_up_totp(browser, user.email, now)
    assert (await older.get("/account")).status == 200
    assert (await older.get(SECURITY)).location.startswith("/login")


async def test_switching_it_off_takes_the_recovery_codes_along(
    browser: Browser, app: App, user: User, now: Time, container: Container
) -> None:
    await set_up_totp(browser, user.email, now)
    page = await browser.get(SECURITY)
    page = await browser.follow(await browser.submit(page, do="remove_totp"))
    assert "The authenticator app was turned off" in page.text
    another = Browser(app.client)
    assert "Your account" in (await log_in(another, user.email)).text
    assert await container.pool.fetchval("SELECT count(*) FROM recovery_codes") == 0
    reported = [m for m in await outbox.list_recent(container.pool) if "sign-in" in m.subject]
    assert len(reported) == 2


async def test_new_recovery_codes_void_the_old(
    browser: Browser, app: App, user: User, now: Time
) -> None:
    _, codes = await set_up_totp(browser, user.email, now)
    page = await browser.submit(await browser.get(SECURITY), do="regenerate_codes")
    fresh = re.findall(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b", page.text)
    assert len(fresh) == 10
    another = Browser(app.client)
    page = await log_in(another, user.email)
    assert (await another.submit(page, code=codes[0])).status == 401
    assert (await another.submit(page, code=fresh[0])).status == 303


async def test_a_new_password_by_mail_leaves_it_on(
    browser: Browser, app: App, user: User, now: Time, container: Container
) -> None:
    await set_up_totp(browser, user.email, now)
    page = await browser.submit(await browser.get("/forgot-password"), email=user.email)
    [mail] = [m for m in await letters(container) if "Reset your password" in m.subject]
    secret = re.search(r"token=([\w-]+)", mail.body)
    assert secret is not None
    page = await browser.get("/reset-password", token=secret[1])
    await browser.submit(page, password="a much better password")
    page = await browser.submit(
        await browser.get("/login"), email=user.email, password="a much better password"
    )
    assert page.location == "/login/second"


async def test_what_a_thief_added_goes_with_the_change_of_address(
    browser: Browser, user: User, now: Time, container: Container
) -> None:
    """Whoever had the password changed the address, and locked the door with an app of theirs."""
    await log_in(browser, user.email)
    requested = {"email": "thief@example.com", "current_password": PASSWORD}
    await browser.submit(await browser.get("/account/email"), **requested)
    await set_up_totp(browser, user.email, now)
    [mail] = [m for m in await outbox.list_recent(container.pool) if "about to change" in m.subject]
    secret = re.search(r"undo-email\?token=([\w-]+)", mail.body)
    assert secret is not None
    owner = Browser(browser.client)
    page = await owner.submit(await owner.get("/undo-email", token=secret[1]))
    page = await owner.follow(page)
    await owner.submit(page, password="a much better password")
    page = await owner.submit(
        await owner.get("/login"), email=user.email, password="a much better password"
    )
    assert page.location == "/account"


async def test_who_comes_back_still_has_it(
    browser: Browser, app: App, user: User, now: Time, container: Container
) -> None:
    _, codes = await set_up_totp(browser, user.email, now)
    await container.pool.execute("UPDATE users SET deleted_at = now()")
    another = Browser(app.client)
    page = await log_in(another, user.email)
    deleted = "SELECT deleted_at IS NOT NULL FROM users"
    assert await container.pool.fetchval(deleted)
    assert (await another.submit(page, code=codes[0])).status == 303
    assert not await container.pool.fetchval(deleted)


async def test_an_application_may_ask_for_more_than_a_password(
    browser: Browser, app: App, site: App, user: User, now: Time
) -> None:
    """From who can show it; the others go on with what they have."""
    older, wanted = Browser(app.client), {"acr_values": "urn:headrace:acr:mfa", "prompt": "none"}
    await sign_in(older, site, user.email)
    page = await older.get("/oauth/authorize", **site.request(**wanted))
    assert "code" in page.query
    secret, _ = await set_up_totp(browser, user.email, now)
    page = await older.get("/oauth/authorize", **site.request(**wanted))
    assert page.query["error"] == "login_required"
    page = await older.get("/oauth/authorize", **site.request(acr_values=wanted["acr_values"]))
    page = await older.follow(page)
    page = await older.follow(await older.submit(page, email=user.email, password=PASSWORD))
    page = await older.submit(page, code=now.code(secret))
    assert "code" in page.query


async def test_an_operator_helps_who_lost_everything(
    browser: Browser, user: User, now: Time, settings: Settings, container: Container
) -> None:
    await set_up_totp(browser, user.email, now)
    await operations.remove_second_factors(settings, user.email)
    another = Browser(browser.client)
    page = await log_in(another, user.email)
    assert "Your account" in page.text
    assert "Second factor removed" in page.text
    assert "operator" in (await outbox.list_recent(container.pool))[0].body


async def test_a_secret_that_was_shown_but_not_proven_guards_nothing(
    browser: Browser, app: App, user: User, now: Time
) -> None:
    await log_in(browser, user.email)
    page = await browser.submit(await browser.get(SECURITY), do="begin_totp")
    page = await browser.submit(page, do="confirm_totp", code="000000")
    assert (page.status, "is incorrect" in page.text) == (422, True)
    assert "Your account" in (await log_in(Browser(app.client), user.email)).text


async def test_programs_switch_it_on_and_off(
    browser: Browser, app: App, user: User, now: Time
) -> None:
    """Off takes a password and a code: a stolen token is not enough."""
    caller = Caller(app.client, (await tokens(browser, app, user.email))["access_token"])
    path, right = "/v1/users/me/security", {"current_password": PASSWORD}
    assert (await caller.ask("POST", f"{path}/totp", {"current_password": "x"}))[0] == 403
    status, made = await caller.ask("POST", f"{path}/totp", right)
    assert (status, made["otpauth_uri"].startswith("otpauth://totp/Headrace:ada")) == (201, True)
    assert (await caller.ask("GET", path))[1]["totp"] is False
    assert (await caller.ask("POST", f"{path}/totp/confirm", {"code": "000000"}))[0] == 403
    code = now.code(made["secret"])
    _, reported = await caller.ask("POST", f"{path}/totp/confirm", {"code": code})
    assert len(reported["recovery_codes"]) == 10
    _, shown = await caller.ask("GET", path)
    assert shown == {"totp": True, "recovery_codes_left": 10, "passkeys": []}
    another = right | {"code": reported["recovery_codes"][0]}
    assert (await caller.ask("POST", f"{path}/totp", another))[0] == 409
    for wrong in (right, right | {"code": code}):
        assert (await caller.ask("DELETE", f"{path}/totp", wrong))[0] == 403
    again = right | {"code": reported["recovery_codes"][1]}
    _, fresh = await caller.ask("POST", f"{path}/recovery-codes", again)
    assert len(fresh["recovery_codes"]) == 10
    unknown = right | {"code": fresh["recovery_codes"][0]}
    assert (await caller.ask("DELETE", f"{path}/passkeys/no-id", unknown))[0] == 404
    last = right | {"code": fresh["recovery_codes"][1]}
    assert (await caller.ask("DELETE", f"{path}/totp", last))[0] == 204
    assert (await caller.ask("GET", path))[1]["recovery_codes_left"] == 0


def _csrf(page: Page) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]
