"""Every page, as everybody sees it: judged by axe-core in light and dark, on the narrowest screen,
with letters of twice the size, and with addresses longer than any line.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any, cast

import pyotp
import pytest
from playwright.async_api import Page, expect

from control_plane.container import Container
from control_plane.identity.clients import store as clients
from control_plane.identity.clients.records import Client
from control_plane.settings import Settings
from tests.integration.identity.browser import CALLBACK, PASSWORD, App
from tests.integration.identity.browser import Client as HttpClient
from tests.integration.identity.person import (
    open_account,
    open_mail,
    open_mailbox,
    press,
    request_of,
    sign_in,
)
from tests.support import operations
from tests.support.chromium import Windows
from tests.support.judges import installed

LONG = "ada.augusta.king-noel.countess.of.lovelace@a-very-long-name-of-a-mail-server.example.com"
APP = Client(
    id="long",
    name="The Most Exceedingly Wonderful Correspondenceapplicationmachine of Ours",
    scopes=["openid", "email", "profile", "offline_access", "llm.inference", "user.info"],
    secret_hash=None,
    redirect_uris=[CALLBACK],
    grant_types=["authorization_code"],
    application_type="native",
    post_logout_redirect_uris=[],
    skip_consent=False,
)
NO_CLIENT = cast(HttpClient, None)
"""These tests only need the application's authorization URL."""
AXE = installed.JAVASCRIPT / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async () => (await axe.run()).violations.map(
  each => `${each.id}: ${each.nodes.map(node => node.html).join(' ')}`)"""
_WHO = """[...document.querySelectorAll('body *')].filter(
  each => each.getBoundingClientRect().right > innerWidth + 1).map(each => each.tagName)"""
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
async def axe() -> str:
    if await asyncio.to_thread(installed.javascript) is None:
        assert "CI" not in os.environ, installed.NO_NODE
        pytest.skip(installed.NO_NODE)
    return await asyncio.to_thread(AXE.read_text)


@pytest.fixture
async def somebody(settings: Settings, container: Container) -> str:
    """Who has a long address, and an application with a long name."""
    assert await clients.create_client(container.pool, APP)
    return (await operations.create_user(settings, LONG, "pro", 100, PASSWORD)).email


async def foreign_pages(tab: Page, email: str) -> AsyncIterator[str]:
    """Those without sign-in, each as it is and with something wrong. Yields where we are."""
    await tab.goto(request_of(App(NO_CLIENT, client_id=APP.id)))
    yield "sign-in for an application"
    await sign_in(tab, email, "not this one")
    yield "sign-in that failed"
    await tab.goto("/register")
    yield "registration"
    await tab.get_by_label("E-mail address").fill("a@b")
    await tab.get_by_label("Password").fill("password123")
    await press(tab, "Create account")
    yield "registration that failed"
    await tab.goto("/forgot-password")
    yield "a forgotten password"
    await tab.get_by_label("E-mail address").fill(email)
    await press(tab, "Send reset link")
    yield "what is said of it"
    await open_mailbox(tab, "Reset your password")
    yield "the mailbox"
    await tab.get_by_role("link", name="as HTML").first.click()
    yield "a letter"
    await tab.get_by_role("link", name="Choose a new password").click()
    yield "a new password"
    await tab.goto("/oauth/authorize?client_id=nobody")
    yield "an error"


async def members_pages(tab: Page, email: str) -> AsyncIterator[str]:
    """Those behind sign-in."""
    await tab.goto(request_of(App(NO_CLIENT, client_id=APP.id)))
    await sign_in(tab, email)
    yield "consent"
    await tab.goto("/device")
    await tab.get_by_label("Code").fill("BBBB-BBBB")
    await press(tab, "Continue")
    yield "a device"
    await tab.goto("/account/security")
    yield "security"
    await press(tab, "Set up")
    yield "codes of an app"
    key = (await tab.locator("code").inner_text()).replace(" ", "")
    await tab.get_by_label("Code", exact=True).fill(pyotp.TOTP(key).now())
    await press(tab, "Turn on")
    yield "recovery codes"
    await tab.goto("/account/security")
    yield "security, with codes of an app"
    for place in ("", "/profile", "/email", "/password", "/devices", "/preferences", "/delete"):
        await tab.goto(f"/account{place}")
        yield f"account{place}"
    await press(tab, "Delete my account")
    yield "a form that failed"
    await tab.goto("/account/api-keys")
    await tab.get_by_label("Name").fill("k" * 100)
    await press(tab, "Create API key")
    yield "a new key"
    await tab.get_by_role("link", name="Done").click()
    yield "keys"
    await tab.goto("/oauth/logout")
    yield "signing out"


@pytest.mark.parametrize("pages", [foreign_pages, members_pages])
async def test_axe_finds_nothing_in_light_and_dark(
    windows: Windows, axe: str, somebody: str, pages: Any
) -> None:
    """It needs to run its own script in the page, so here alone the policy is set aside."""
    tab = await windows.open(bypass_csp=True)
    found = []
    async for place in pages(tab, somebody):
        await tab.evaluate(axe)
        for scheme in ("light", "dark"):
            await tab.emulate_media(color_scheme=scheme)
            found += [f"{place}, {scheme}: {each}" for each in await tab.evaluate(_RUN)]
    assert found == []


@pytest.mark.parametrize("pages", [foreign_pages, members_pages])
async def test_nothing_sticks_out_of_a_narrow_screen(
    windows: Windows, somebody: str, pages: Any
) -> None:
    """320 pixels are also 1280 at a zoom of 400 per cent (WCAG 1.4.10, 1.4.4)."""
    tab = await windows.open(viewport={"width": 320, "height": 640})
    found = []
    async for place in pages(tab, somebody):
        for size in ("100%", "200%"):
            await tab.evaluate(f"document.documentElement.style.fontSize = '{size}'")
            if await tab.evaluate(_WIDER) > 0:
                found.append(f"{place} at {size}: {await tab.evaluate(_WHO)}")
        await tab.evaluate("document.documentElement.style.fontSize = ''")
    assert found == []


async def test_letters_read_well_in_the_dark(windows: Windows, somebody: str) -> None:
    """Their own colours, not those of the page that shows them."""
    tab = await windows.open(color_scheme="dark")
    await open_account(tab, somebody)
    await tab.get_by_role("link", name="Change your e-mail address").click()
    await tab.get_by_label("New e-mail address").fill("ada@example.com")
    await tab.get_by_label("Current password").fill(PASSWORD)
    await press(tab, "Send confirmation link")
    await open_mail(tab, "about to change", somebody, "Cancel the change")
    await expect(tab.get_by_text(f"will be {somebody} again")).to_be_visible()


async def test_what_the_policy_forbids_is_heard(windows: Windows) -> None:
    """The harness itself: a page that breaks its own policy would fail the test."""
    tab = await windows.open()
    await tab.goto("/login")
    await tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<b style=\"color: red\">')")
    await tab.evaluate("fetch('/nowhere').catch(() => 0)")
    assert any("Content Security Policy" in error for error in windows.errors)
    windows.errors.clear()
