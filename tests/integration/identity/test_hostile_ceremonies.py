"""Passkey ceremonies against a hostile origin or relying party; codes replayed on another node."""

import asyncio
import html
import json
import re
from typing import Any

import pytest
from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer

from control_plane.app import build_app
from control_plane.container import Container, open_container
from control_plane.identity.mfa import store as mfa
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from tests.integration.identity.browser import Browser, Forms, Page
from tests.integration.identity.mailbox import ISSUER
from tests.integration.identity.test_second_factors import SECURITY, Time, log_in, set_up_totp
from tests.support.authenticator import SoftwareAuthenticator

OURS = ISSUER, "localhost"
HOSTILE = [
    ("https://evil.example", "evil.example"),
    ("https://evil.example", "localhost"),
    ("http://localhost:3000", "evil.example"),
    ("http://localhost:3000.evil.example", "localhost"),
    ("http://localhost:3001", "localhost"),
    ("https://localhost:3000", "localhost"),
    ("http://sub.localhost:3000", "localhost"),
    ("http://localhost:3000/", "localhost"),
    ("HTTP://LOCALHOST:3000", "localhost"),
    ("null", "localhost"),
    ("", ""),
]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


def options_of(page: Page) -> dict[str, Any]:
    found = re.search(r'data-options="([^"]+)"', page.text)
    assert found is not None, page.text
    return dict(json.loads(html.unescape(found[1])))


async def register(browser: Browser, authenticator: SoftwareAuthenticator) -> Page:
    page = await browser.get(SECURITY)
    credential = authenticator.register(options_of(page)["challenge"])
    csrf = Forms(page.text).fields["csrf"]
    sent = {"csrf": csrf, "do": "add_passkey", "name": "Mine", "credential": credential}
    return await browser.post(SECURITY, sent)


async def sign_in_with(browser: Browser, authenticator: SoftwareAuthenticator) -> Page:
    page = await browser.get("/login")
    credential = authenticator.sign(options_of(page)["challenge"])
    csrf = Forms(page.text).fields["csrf"]
    return await browser.post("/login/passkey", {"csrf": csrf, "credential": credential})


async def test_our_own_origin_is_accepted(browser: Browser, user: User) -> None:
    """So that the refusals below are of what differs."""
    authenticator = SoftwareAuthenticator(*OURS)
    await log_in(browser, user.email)
    assert "recovery codes" in (await register(browser, authenticator)).text
    page = await sign_in_with(Browser(browser.client), authenticator)
    assert (page.status, page.location) == (303, "/account")


@pytest.mark.parametrize(("origin", "rp_id"), HOSTILE)
async def test_a_passkey_of_another_origin_is_not_registered(
    browser: Browser, user: User, container: Container, origin: str, rp_id: str
) -> None:
    await log_in(browser, user.email)
    page = await register(browser, SoftwareAuthenticator(origin, rp_id))
    assert page.status == 422
    assert not (await mfa.load(container.pool, user.id)).any


@pytest.mark.parametrize(("origin", "rp_id"), HOSTILE)
async def test_an_assertion_for_another_origin_signs_nobody_in(
    browser: Browser, user: User, origin: str, rp_id: str
) -> None:
    """A page in between passes on our challenge; the browser signs the page's own origin."""
    authenticator = SoftwareAuthenticator(*OURS)
    await log_in(browser, user.email)
    await register(browser, authenticator)
    authenticator.origin, authenticator.rp_id = origin, rp_id
    victim = Browser(browser.client)
    assert (await sign_in_with(victim, authenticator)).status == 400
    assert "headrace_session" not in victim.cookies


async def test_a_ceremony_without_user_verification_is_refused(
    browser: Browser, user: User, container: Container
) -> None:
    await log_in(browser, user.email)
    absent = SoftwareAuthenticator(*OURS, verified=False)
    assert (await register(browser, absent)).status == 422
    present = SoftwareAuthenticator(*OURS)
    await register(browser, present)
    present.verified = False
    assert (await sign_in_with(Browser(browser.client), present)).status == 400


async def test_a_challenge_of_another_browser_is_refused(browser: Browser, user: User) -> None:
    """A relayed ceremony: the victim signs the challenge that the attacker was given."""
    authenticator = SoftwareAuthenticator(*OURS)
    await log_in(browser, user.email)
    await register(browser, authenticator)
    attacker, victim = Browser(browser.client), Browser(browser.client)
    challenge = options_of(await attacker.get("/login"))["challenge"]
    csrf = Forms((await victim.get("/login")).text).fields["csrf"]
    sent = {"csrf": csrf, "credential": authenticator.sign(challenge)}
    assert (await victim.post("/login/passkey", sent)).status == 400


async def test_a_code_is_good_once_on_all_nodes_together(
    browser: Browser, user: User, now: Time, settings: Settings
) -> None:
    """Three processes with connections of their own; the code reaches them at the same time."""
    secret, recovery_codes = await set_up_totp(browser, user.email, now)
    for code in (now.code(secret), recovery_codes[0]):
        assert sorted(await present_everywhere(settings, user.email, code)) == [303] + [401] * 5


async def present_everywhere(settings: Settings, email: str, code: str) -> list[int]:
    """The statuses of six browsers on three nodes."""
    nodes = 3
    async with open_container(settings) as a, open_container(settings) as b:
        async with open_container(settings) as c:
            servers = [TestServer(build_app(settings, each)) for each in (a, b, c)]
            clients = [TestClient(server, cookie_jar=DummyCookieJar()) for server in servers]
            for client in clients:
                await client.start_server()
            browsers = [Browser(clients[number % nodes]) for number in range(6)]
            pages = [await log_in(each, email) for each in browsers]
            tries = zip(browsers, pages, strict=True)
            answers = await asyncio.gather(*(each.submit(page, code=code) for each, page in tries))
            for client in clients:
                await client.close()
    return [401 if each.status == 429 else each.status for each in answers]
