"""Signing in, as a person sees it in a real browser."""

from playwright.async_api import Page, expect

from control_plane.users.records import User
from tests.integration.identity.browser import PASSWORD


async def test_a_person_signs_in_and_sees_the_account(tab: Page, user: User) -> None:
    await tab.goto("/account")
    await tab.get_by_label("E-mail address").fill(user.email)
    await tab.get_by_label("Password").fill("not this one")
    await tab.get_by_role("button", name="Sign in", exact=True).click()
    await expect(tab.get_by_role("alert")).to_contain_text("not the e-mail address and password")
    await tab.get_by_label("Password").fill(PASSWORD)
    await tab.get_by_role("button", name="Sign in", exact=True).click()
    await expect(tab.get_by_text(user.email)).to_be_visible()
