"""Signing in, as a person sees it in a real browser, and an application on the same machine."""

from collections.abc import AsyncIterator
from typing import cast

import pytest
from aiohttp import ClientSession
from playwright.async_api import Page, expect

from control_plane.identity.users.records import User
from tests.integration.identity.browser import PASSWORD, App, Client
from tests.integration.identity.person import (
    Listener,
    listening,
    open_account,
    open_mail,
    press,
    request_of,
    sign_in,
)
from tests.support.chromium import Windows


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as each:
        yield each


@pytest.fixture
async def desktop(origin: str, listener: Listener) -> AsyncIterator[App]:
    """The application of a person's own machine."""
    async with ClientSession(base_url=origin) as session:
        # Both clients send requests by the same methods.
        yield App(cast(Client, session), redirect_uri=listener.uri)


async def test_a_newcomer_registers_and_the_application_has_its_tokens(
    tab: Page, desktop: App, listener: Listener, origin: str
) -> None:
    await tab.goto(request_of(desktop))
    await tab.get_by_role("link", name="Create an account").click()
    await tab.get_by_label("E-mail address").fill("grace@example.com")
    await tab.get_by_label("Password").fill(PASSWORD)
    await press(tab, "Create account")
    await expect(tab.get_by_role("heading", name="Allow Text Assistant Desktop?")).to_be_visible()
    await press(tab, "Allow")
    await expect(tab.get_by_role("heading", name="Go back")).to_be_visible()
    heard = await listener.heard.get()
    assert (heard["state"], heard["iss"]) == (desktop.state, origin)
    status, tokens = await desktop.exchange(heard["code"])
    assert (status, tokens["token_type"]) == (200, "Bearer")
    await tab.goto("/account")
    await expect(tab.get_by_text("not verified")).to_be_visible()
    await open_mail(tab, "Verify", "grace@example.com", "Verify e-mail address")
    await press(tab, "Verify e-mail address")
    assert (await desktop.userinfo(tokens["access_token"]))[1]["email_verified"] is True
    await tab.get_by_role("link", name="Go to your account").click()
    await expect(tab.get_by_text("not verified")).to_be_hidden()


async def test_a_wrong_password_is_reported_and_can_be_retried(tab: Page, user: User) -> None:
    await tab.goto("/account")
    await sign_in(tab, user.email, "not this one")
    await expect(tab.get_by_role("alert")).to_contain_text("Incorrect email or password")
    await expect(tab.get_by_label("Password")).to_be_focused()
    await tab.get_by_label("Password").fill(PASSWORD)
    await press(tab, "Sign in")
    await expect(tab.get_by_text(user.email)).to_be_visible()


async def test_who_denies_goes_back_to_the_application_too(
    tab: Page, desktop: App, listener: Listener, user: User
) -> None:
    await tab.goto(request_of(desktop))
    await sign_in(tab, user.email)
    await press(tab, "Deny")
    await expect(tab.get_by_role("heading", name="Go back")).to_be_visible()
    assert (await listener.heard.get())["error"] == "access_denied"


@pytest.mark.parametrize("scripts", [True, False])
async def test_an_answer_by_form_arrives_with_scripts_and_without(
    windows: Windows, desktop: App, listener: Listener, user: User, scripts: bool
) -> None:
    tab = await windows.open(java_script_enabled=scripts)
    await tab.goto(request_of(desktop, response_mode="form_post"))
    await sign_in(tab, user.email)
    await press(tab, "Allow")
    if not scripts:
        await press(tab, "Continue")
    await tab.wait_for_url(listener.uri)
    heard = await listener.heard.get()
    assert (await desktop.exchange(heard["code"]))[0] == 200


async def test_a_keyboard_is_enough(
    tab: Page, desktop: App, listener: Listener, user: User
) -> None:
    await tab.goto(request_of(desktop))
    await expect(tab.get_by_label("E-mail address")).to_be_focused()
    await tab.keyboard.type(user.email)
    await tab.keyboard.press("Tab")
    await expect(tab.get_by_label("Password")).to_be_focused()
    await tab.keyboard.type(PASSWORD)
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("button", name="Allow")).to_be_visible()
    await tab.keyboard.press("Tab")
    await expect(tab.get_by_role("button", name="Allow")).to_be_focused()
    await tab.keyboard.press("Tab")
    await expect(tab.get_by_role("button", name="Deny")).to_be_focused()
    await tab.keyboard.press("Shift+Tab")
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("heading", name="Go back")).to_be_visible()
    assert "code" in await listener.heard.get()
    await tab.goto("/account")
    await tab.keyboard.press("Tab")
    await expect(tab.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    await tab.keyboard.press("Enter")
    await tab.keyboard.press("Tab")
    await expect(tab.get_by_role("link", name="Change your e-mail address")).to_be_focused()


async def test_a_device_is_connected(tab: Page, desktop: App, user: User) -> None:
    _, body = await desktop.call("/oauth/device_authorization", {"scope": desktop.scope})
    await tab.goto(body["verification_uri_complete"])
    await sign_in(tab, user.email)
    await expect(tab.get_by_label("Code")).to_have_value(body["user_code"])
    await tab.get_by_label("Code").fill("BBBB-BBBB")
    await press(tab, "Continue")
    await expect(tab.get_by_role("alert")).to_contain_text("Incorrect or expired code")
    await tab.get_by_label("Code").fill(body["user_code"].lower())
    await press(tab, "Continue")
    await press(tab, "Allow")
    await expect(tab.get_by_role("heading", name="Device connected")).to_be_visible()
    requested = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}
    status, tokens = await desktop.token({**requested, "device_code": body["device_code"]})
    assert (status, tokens["token_type"]) == (200, "Bearer")


async def test_the_way_back_shows_nothing_once_signed_out(tab: Page, user: User) -> None:
    await open_account(tab, user.email)
    await tab.get_by_role("link", name="Profile").click()
    await tab.get_by_role("link", name="Sign out").click()
    await press(tab, "Sign out")
    await expect(tab.get_by_role("heading", name="Signed out")).to_be_visible()
    for _ in range(4):
        await tab.go_back()
        await expect(tab.get_by_text(user.email)).to_be_hidden()
        await expect(tab.get_by_label("First name")).to_be_hidden()
