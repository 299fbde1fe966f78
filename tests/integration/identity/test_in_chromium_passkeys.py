"""Passkeys in a real Chromium, with an authenticator of its own that is plugged in by DevTools."""

import asyncio
import json
from typing import Any

import jwt
import pytest
from playwright.async_api import CDPSession, Page, expect

from control_plane.container import Container
from control_plane.identity.users.records import User
from tests.integration.identity.browser import App
from tests.integration.identity.person import listening, open_account, press, request_of, sign_in
from tests.support.chromium import Windows

_TOUCH_ID = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Authenticator:
    """Belongs to one tab; its keys can be looked at, and copied."""

    def __init__(self, session: CDPSession, id_: str) -> None:
        self._session, self._id = session, id_

    async def keys(self) -> list[dict[str, Any]]:
        body = await self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return list(body["credentials"])

    async def put(self, key: dict[str, Any]) -> None:
        given = {"authenticatorId": self._id, "credential": key}
        await self._session.send("WebAuthn.addCredential", given)


async def plug(tab: Page) -> Authenticator:
    session = await tab.context.new_cdp_session(tab)
    await session.send("WebAuthn.enable")
    body = await session.send("WebAuthn.addVirtualAuthenticator", {"options": _TOUCH_ID})
    return Authenticator(session, body["authenticatorId"])


async def add_passkey(tab: Page, email: str, name: str = "My laptop") -> None:
    """From signing in to the recovery codes."""
    await open_account(tab, email)
    await tab.get_by_role("link", name="Security").click()
    await tab.get_by_label("Passkey name").fill(name)
    await press(tab, "Add a passkey")
    await expect(tab.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    await tab.get_by_role("link", name="I have saved my codes").click()
    await expect(tab.get_by_text(name, exact=True)).to_be_visible()


async def leave(tab: Page) -> None:
    await tab.context.clear_cookies()


async def test_a_passkey_signs_in_without_a_name_or_a_password(
    tab: Page, app: App, user: User
) -> None:
    """All the way into an application, which is told how."""
    await plug(tab)
    await add_passkey(tab, user.email)
    await leave(tab)
    async with listening() as listener:
        app.redirect_uri = listener.uri
        await tab.goto(request_of(app))
        await press(tab, "Use a passkey")
        await press(tab, "Allow")
        heard = await asyncio.wait_for(listener.heard.get(), 10)
    status, body = await app.exchange(heard["code"])
    assert status == 200
    claims = jwt.decode(body["id_token"], options={"verify_signature": False})
    assert (claims["amr"], claims["acr"]) == (["hwk", "user", "mfa"], "urn:headrace:acr:mfa")
    await tab.goto("/account/security")
    await expect(tab.get_by_text("last used")).to_be_visible()


async def test_after_the_password_it_is_the_second_factor(tab: Page, user: User) -> None:
    await plug(tab)
    await add_passkey(tab, user.email)
    await leave(tab)
    await tab.goto("/login")
    await sign_in(tab, user.email)
    await expect(tab.get_by_role("heading", name="Two-factor authentication")).to_be_visible()
    await press(tab, "Use a passkey")
    await expect(tab.get_by_role("heading", name="Your account")).to_be_visible()


async def test_a_copied_key_is_found_out(
    tab: Page, windows: Windows, user: User, container: Container
) -> None:
    """Two authenticators with one key: the one whose counter lags behind is refused."""
    mine = await plug(tab)
    await add_passkey(tab, user.email)
    thief = await windows.open()
    copied = await plug(thief)
    [key] = await mine.keys()
    await copied.put(key)
    for _ in range(2):
        await leave(tab)
        await tab.goto("/login")
        await press(tab, "Use a passkey")
        await expect(tab.get_by_role("heading", name="Your account")).to_be_visible()
    await thief.goto("/login")
    await press(thief, "Use a passkey")
    await expect(thief.get_by_role("alert")).to_contain_text("not accepted")
    failed = "SELECT count(*) FROM account_activity WHERE kind = 'sign_in_failed'"
    assert await container.pool.fetchval(failed) == 1


async def test_a_removed_key_opens_nothing(tab: Page, user: User) -> None:
    await plug(tab)
    await add_passkey(tab, user.email)
    await press(tab, "Remove the passkey My laptop")
    await expect(tab.get_by_role("status")).to_contain_text("removed")
    await leave(tab)
    await tab.goto("/login")
    await press(tab, "Use a passkey")
    await expect(tab.get_by_role("alert")).to_contain_text("not accepted")
    await sign_in(tab, user.email)
    await expect(tab.get_by_role("heading", name="Your account")).to_be_visible()


async def test_an_answer_is_good_once_and_in_one_browser(
    tab: Page, windows: Windows, user: User
) -> None:
    """Caught on its way out, it is sent again: by the same browser, and by another."""
    await plug(tab)
    await add_passkey(tab, user.email)
    await leave(tab)
    sent: list[str] = []
    tab.on("request", lambda request: sent.append(request.post_data or ""))
    await tab.goto("/login")
    await press(tab, "Use a passkey")
    await expect(tab.get_by_role("heading", name="Your account")).to_be_visible()
    [body] = [each for each in sent if "credential=" in each]
    answer = dict(part.split("=", 1) for part in body.split("&"))["credential"]
    for window in (tab, await windows.open()):
        await window.goto("/login")
        await window.evaluate(
            """answer => { const form = document.querySelector('[data-passkey]');
            form.elements.credential.value = decodeURIComponent(answer.replaceAll('+', ' '));
            form.submit(); }""",
            answer,
        )
        await expect(window.get_by_role("alert")).to_contain_text("not accepted")


async def test_another_origin_gets_nothing(tab: Page, user: User, origin: str) -> None:
    """A page that was set up to look like ours, at another port of the same host."""
    await plug(tab)
    await add_passkey(tab, user.email)
    await leave(tab)
    await tab.goto("/login")
    form = tab.locator("form[data-passkey]")
    options = json.loads(await form.get_attribute("data-options") or "")
    answers: list[str] = []

    async def tell(answer: str) -> None:
        answers.append(answer)

    await tab.expose_function("tell", tell)
    lure = f"{origin.rsplit(':', 1)[0]}:{int(origin.rsplit(':', 1)[1]) ^ 1}/"
    page = "<!doctype html><link rel=icon href=data:,>Sign in"
    await tab.route(lure, lambda route: route.fulfill(body=page, content_type="text/html"))
    await tab.goto(lure)
    await tab.evaluate(
        """async options => tell(JSON.stringify(await navigator.credentials.get({
        publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options)})))""",
        options,
    )
    await tab.goto("/login")
    await form.evaluate(
        "(form, answer) => { form.elements.credential.value = answer; form.submit(); }", answers[0]
    )
    await expect(tab.get_by_role("alert")).to_contain_text("not accepted")


@pytest.mark.parametrize("where", ["/login", "/account/security"])
async def test_without_script_nothing_is_offered_that_cannot_work(
    windows: Windows, user: User, where: str
) -> None:
    tab = await windows.open(java_script_enabled=False)
    await open_account(tab, user.email)
    await tab.goto(where)
    await expect(tab.locator("form[data-passkey]")).to_be_hidden()
