"""oidc-client-ts in a real Chromium: a website of another origin signs people in by itself.

What it reads of ours it reads by CORS, and only because its address is registered.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page

from control_plane.identity.clients.records import CODE_GRANT, REFRESH_GRANT, Client
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from tests.integration.identity.browser import PASSWORD
from tests.support import operations
from tests.support.chromium import Windows
from tests.support.judges import installed

_SCRIPT = "node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js"
_PAGE = """<!doctype html><title>Shop</title><link rel="icon" href="data:,">
<script src="/oidc.js"></script><script>
const manager = new oidc.UserManager({
  authority: "%s", client_id: "shop", scope: "openid email offline_access",
  redirect_uri: location.origin + "/back", post_logout_redirect_uri: location.origin + "/bye",
  loadUserInfo: true, automaticSilentRenew: false,
});
</script>"""

_REFRESH = """async token => {
  const body = {grant_type: "refresh_token", client_id: "shop", refresh_token: token};
  const endpoint = await manager.metadataService.getTokenEndpoint();
  return (await fetch(endpoint, {method: "POST", body: new URLSearchParams(body)})).status;
}"""


@dataclass
class Website:
    """A tab on a shop, which knows nothing of ours but our issuer."""

    tab: Page
    url: str

    async def run(self, script: str) -> Any:
        """The value of an expression in the shop's page; promises are waited for."""
        return await self.tab.evaluate(script)

    async def sign_in(self, email: str) -> Any:
        await self.tab.goto(self.url)
        await self.run("void manager.signinRedirect()")
        await self.tab.get_by_label("E-mail address").fill(email)
        await self.tab.get_by_label("Password").fill(PASSWORD)
        await self.tab.get_by_role("button", name="Sign in").click()
        await self.tab.get_by_role("button", name="Allow").click()
        await self.tab.wait_for_url(f"{self.url}/back**")
        return await self.run("manager.signinCallback()")


@pytest.fixture
async def website(settings: Settings, origin: str, tab: Page, user: User) -> AsyncIterator[Website]:
    """Its script is what npm installed."""
    if await asyncio.to_thread(installed.javascript) is None:
        assert "CI" not in os.environ, installed.NO_NODE
        pytest.skip(installed.NO_NODE)

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=_PAGE % origin, content_type="text/html")

    async def script(_: web.Request) -> web.FileResponse:
        return web.FileResponse(installed.JAVASCRIPT / _SCRIPT)

    shop = web.Application()
    shop.router.add_get("/oidc.js", script)
    for path in ("/", "/back", "/bye"):
        shop.router.add_get(path, page)
    async with TestServer(shop) as server:
        url = str(server.make_url("")).rstrip("/")
        await operations.register_client(settings, _shop(url), confidential=False)
        yield Website(tab, url)


def _shop(url: str) -> Client:
    return Client(
        "shop",
        "Shop",
        ["openid", "email", "offline_access"],
        None,
        [f"{url}/back"],
        [CODE_GRANT, REFRESH_GRANT],
        "web",
        [f"{url}/bye"],
        False,
    )


async def test_a_website_signs_in_refreshes_and_signs_out(website: Website, user: User) -> None:
    require_session = await website.sign_in(user.email)
    assert (require_session["profile"]["sub"], require_session["profile"]["email"]) == (
        user.id,
        user.email,
    )
    refreshed = await website.run("manager.signinSilent()")
    assert refreshed["access_token"] != require_session["access_token"]
    assert refreshed["refresh_token"] != require_session["refresh_token"]
    await website.run("void manager.signoutRedirect()")
    await website.tab.wait_for_url(f"{website.url}/bye**")


async def test_a_website_revokes_what_it_was_given(
    website: Website, windows: Windows, user: User
) -> None:
    await website.sign_in(user.email)
    token = await website.run("manager.getUser().then(user => user.refresh_token)")
    await website.run("manager.revokeTokens(['refresh_token'])")
    assert await website.tab.evaluate(_REFRESH, token) == 400
    assert [error.rpartition(" ")[2] for error in windows.errors] == ["400"]
    windows.errors.clear()
