"""Keeping one's account, as a person sees it in a real browser."""

from playwright.async_api import Page, expect

from control_plane.container import Container
from control_plane.identity.users.records import User
from tests.integration.identity.browser import App, Browser, tokens
from tests.integration.identity.mailbox import letters
from tests.integration.identity.person import open_account, open_mail, press, sign_in
from tests.support.chromium import Windows

NEW = "a much better password"


async def test_a_forgotten_password_is_replaced_by_mail(
    tab: Page, windows: Windows, user: User, container: Container, origin: str
) -> None:
    elsewhere = await windows.open()
    await open_account(elsewhere, user.email)
    await tab.goto("/login")
    await tab.get_by_role("link", name="Forgot your password?").click()
    await tab.get_by_label("E-mail address").fill(user.email)
    await press(tab, "Send reset link")
    await expect(tab.get_by_role("heading", name="Check your inbox")).to_be_visible()
    await letters(container, origin)
    await open_mail(tab, "Reset your password", user.email, "Choose a new password")
    await tab.get_by_label("New password").fill("1234567890")
    await press(tab, "Reset password")
    await expect(tab.get_by_role("alert")).to_contain_text("too common")
    await tab.get_by_label("New password").fill(NEW)
    await press(tab, "Reset password")
    await tab.get_by_role("link", name="Sign in").click()
    await sign_in(tab, user.email, NEW)
    await expect(tab.get_by_text("Password changed")).to_be_visible()
    await elsewhere.reload()
    await expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_an_address_is_changed_and_taken_back(
    tab: Page, windows: Windows, user: User
) -> None:
    await open_account(tab, user.email)
    await tab.get_by_role("link", name="Change your e-mail address").click()
    await tab.get_by_label("New e-mail address").fill("no address")
    await tab.get_by_label("Current password").fill("not this one")
    await press(tab, "Send confirmation link")
    await expect(tab.get_by_role("alert")).to_have_count(2)
    await expect(tab.get_by_label("New e-mail address")).to_have_value("no address")
    await tab.get_by_label("New e-mail address").fill("countess@example.com")
    await tab.get_by_label("Current password").fill("correct horse battery")
    await press(tab, "Send confirmation link")
    await expect(tab.get_by_role("status")).to_contain_text("Check the inbox")
    await expect(tab.get_by_text(user.email)).to_be_visible()
    await open_mail(tab, "Confirm your new", "countess@example.com", "Confirm e-mail address")
    await press(tab, "Verify e-mail address")
    await tab.goto("/account")
    await expect(tab.get_by_text("countess@example.com")).to_be_visible()

    owner = await windows.open()
    await open_mail(owner, "address was changed", user.email, "Revert the change")
    await press(owner, "Restore my account")
    await owner.get_by_label("New password").fill(NEW)
    await press(owner, "Reset password")
    await open_account(owner, user.email, NEW)
    await expect(owner.get_by_text("E-mail address restored")).to_be_visible()
    await tab.reload()
    await expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()
    await open_mail(tab, "address was changed", user.email, "Revert the change")
    await expect(tab.get_by_text("expired or was already used")).to_be_visible()


async def test_a_new_password_signs_out_everything_else(
    tab: Page, windows: Windows, user: User
) -> None:
    elsewhere = await windows.open()
    await open_account(elsewhere, user.email)
    await open_account(tab, user.email)
    await tab.get_by_role("link", name="Change your password").click()
    await tab.get_by_label("Current password").fill("not this one")
    await tab.get_by_label("New password").fill("short")
    await press(tab, "Change password")
    await expect(tab.get_by_role("alert")).to_have_count(2)
    await tab.get_by_label("Current password").fill("correct horse battery")
    await tab.get_by_label("New password").fill(NEW)
    await press(tab, "Change password")
    await expect(tab.get_by_role("status")).to_contain_text("Your password was changed")
    await elsewhere.goto("/account/profile")
    await expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()
    await open_account(elsewhere, user.email, NEW)


async def test_a_profile_tells_everything_that_is_wrong_at_once(tab: Page, user: User) -> None:
    await open_account(tab, user.email)
    await tab.get_by_role("link", name="Profile").click()
    await expect(tab.get_by_role("link", name="Profile")).to_have_attribute("aria-current", "page")
    await tab.get_by_label("First name").fill("Ada")
    await tab.get_by_label("Username").fill("no spaces here")
    await tab.get_by_label("Profile picture URL").fill("javascript:alert(1)")
    await press(tab, "Save")
    await expect(tab.get_by_role("alert")).to_have_count(2)
    await expect(tab.get_by_label("Username")).to_have_accessible_description(
        "Username must have 2 to 39 letters, digits, dots, dashes or underscores. "
        "2 to 39 letters, digits, dots, dashes and underscores."
    )
    await tab.get_by_label("Username").fill("ada.lovelace")
    await tab.get_by_label("Profile picture URL").fill("")
    await press(tab, "Save")
    await expect(tab.get_by_role("status")).to_have_text("Your profile was saved.")
    await expect(tab.get_by_label("First name")).to_have_value("Ada")


async def test_devices_are_signed_out_one_by_one_and_together(
    tab: Page, windows: Windows, user: User, browser: Browser, app: App
) -> None:
    given = await tokens(browser, app, user.email)
    elsewhere = await windows.open(user_agent="Mozilla/5.0 (iPhone; like Mac OS X) Safari/604.1")
    await open_account(elsewhere, user.email)
    await open_account(tab, user.email)
    await tab.get_by_role("link", name="Devices").click()
    await press(tab, "Sign out Text Assistant Desktop")
    await expect(tab.get_by_role("status")).to_have_text("The device was signed out.")
    assert (await app.userinfo(given["access_token"]))[0] == 401
    await press(tab, "Sign out Safari on iPhone")
    await elsewhere.reload()
    await expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()
    await press(tab, "Sign out everywhere else")
    await expect(tab.get_by_text("this browser", exact=True)).to_be_visible()
    await expect(tab.get_by_role("button")).to_have_count(0)
    assert (await browser.get("/account")).status == 303


async def test_a_key_is_shown_once_and_revoked(tab: Page, user: User) -> None:
    await open_account(tab, user.email)
    await tab.get_by_role("link", name="API keys").click()
    await tab.get_by_label("Credit limit").fill("none")
    for scope in ("Use AI models and spend your credits", "See the available models"):
        await tab.get_by_label(scope).uncheck()
    await press(tab, "Create API key")
    await expect(tab.get_by_role("alert")).to_have_count(3)
    await tab.get_by_label("Name").fill("Notebook")
    await tab.get_by_label("Use AI models").check()
    await tab.get_by_label("Credit limit").fill("25")
    await tab.get_by_label("Expiration date").fill("2099-12-31")
    await press(tab, "Create API key")
    secret = await tab.locator("code").inner_text()
    assert secret.startswith("hr_live_")
    await tab.get_by_role("link", name="Done").click()
    await expect(tab.get_by_text(secret)).to_be_hidden()
    await expect(tab.get_by_text("of 25 credits used, expires on 31 December 2099")).to_be_visible()
    await press(tab, "Revoke Notebook")
    await expect(tab.get_by_text("You have no API keys.")).to_be_visible()


async def test_preferences_are_chosen_and_taken_back(tab: Page, user: User) -> None:
    await open_account(tab, user.email)
    await tab.get_by_role("link", name="Preferences").click()
    await tab.get_by_label("Temperature").fill("hot")
    await tab.get_by_label("Maximum response length").fill("0")
    await press(tab, "Save")
    await expect(tab.get_by_role("alert")).to_have_count(2)
    await tab.get_by_label("Temperature").fill("0.25")
    await tab.get_by_label("Maximum response length").fill("")
    await tab.get_by_label("Stream responses").select_option("No")
    await press(tab, "Save")
    await expect(tab.get_by_role("status")).to_have_text("Your preferences were saved.")
    await expect(tab.get_by_label("Temperature")).to_have_value("0.25")
    await expect(tab.get_by_label("Stream responses")).to_have_value("no")
    await tab.get_by_label("Stream responses").select_option("No preference")
    await press(tab, "Save")
    await expect(tab.get_by_label("Stream responses")).to_have_value("")


async def test_who_leaves_may_come_back(tab: Page, user: User) -> None:
    await open_account(tab, user.email)
    await tab.get_by_role("link", name="Delete your account").click()
    await expect(tab.get_by_text("You can restore your account within 30 days")).to_be_visible()
    await tab.get_by_label("Current password").fill("not this one")
    await press(tab, "Delete my account")
    await expect(tab.get_by_role("alert")).to_have_text("Current password is incorrect.")
    await tab.get_by_label("Current password").fill("correct horse battery")
    await press(tab, "Delete my account")
    await expect(tab.get_by_role("heading", name="Your account was deleted")).to_be_visible()
    await open_mail(tab, "Your account was deleted", user.email, "Sign in to restore your account")
    await sign_in(tab, user.email)
    await expect(tab.get_by_text("Account deleted")).to_be_visible()
