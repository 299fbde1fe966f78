"""The security list, 4: which addresses an application may return to."""

import pytest

from control_plane.container import Container
from control_plane.identity.clients import registration
from control_plane.identity.clients import store as clients
from control_plane.identity.clients.records import CODE_GRANT, Client
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from shared.errors import Conflict, NotFound, ValidationFailed
from tests.integration.identity.browser import PASSWORD, App, Browser, sign_in, tokens
from tests.support import operations

WRONG = [
    "http://example.com/back",
    "javascript:alert(1)",
    "data:text/html,x",
    "app:/back",
    "https://example.com/#x",
    "https://a@example.com/",
    "https:///x",
    "http://localhost.evil/x",
]
RIGHT = ["https://example.com/back", "http://127.0.0.1/back", "http://[::1]/x", "com.example:/back"]


@pytest.mark.parametrize("uri", WRONG)
def test_4_an_unsafe_redirect_is_not_registered(uri: str) -> None:
    with pytest.raises(ValidationFailed):
        registration.check_redirect_uris([*RIGHT, uri])


async def test_a_secret_is_shown_once(container: Container) -> None:
    new = Client("shop", "Shop", ["openid"], None, RIGHT, [], "web", [], False)
    made, secret = await registration.register(container.pool, new, confidential=True)
    assert await clients.find_client(container.pool, "shop") == made
    assert secret
    assert secret not in str(made)
    with pytest.raises(Conflict):
        await registration.register(container.pool, new, confidential=False)


def test_all_invalid_fields_are_reported_at_once() -> None:
    wrong = Client(
        "a b",
        " ",
        ["openid", "fly"],
        None,
        [],
        [CODE_GRANT],
        "toaster",
        ["javascript:alert(1)"],
        False,
    )
    with pytest.raises(ValidationFailed) as refused:
        registration.validate(wrong)
    reported = {each["field"] for each in refused.value.details["fields"]}
    wanted = {"client_id", "name", "application_type", "redirect_uris", "scopes"}
    assert reported == wanted | {"post_logout_redirect_uris.0"}


def test_a_native_application_does_not_administer() -> None:
    new = Client("app", "App", ["openid", "admin"], None, RIGHT, [], "native", [], False)
    with pytest.raises(ValidationFailed):
        registration.validate(new)


async def test_only_administrators_give_leave_to_administer(
    settings: Settings, container: Container, browser: Browser, user: User
) -> None:
    """Whatever the application asks for: the page says so, and the token."""
    new = Client(
        "ops",
        "Ops",
        ["openid", "email", "admin"],
        None,
        ["https://ops.example/"],
        [CODE_GRANT],
        "web",
        [],
        False,
    )
    await operations.register_client(settings, new, confidential=False)
    app = App(browser.client, "ops", "https://ops.example/", scope="openid email admin")
    page = await browser.follow(await browser.get("/oauth/authorize", **app.request()))
    page = await browser.follow(await browser.submit(page, email=user.email, password=PASSWORD))
    assert "Administer" not in page.text
    page = await browser.submit(page, decision="allow")
    _, body = await app.exchange(page.query["code"])
    assert body["scope"].split() == ["openid", "email"]
    await container.pool.execute("UPDATE users SET is_admin = true")
    page = await browser.follow(
        await browser.get("/oauth/authorize", **app.request(prompt="consent"))
    )
    assert "Administer" in page.text
    page = await browser.submit(page, decision="allow")
    _, body = await app.exchange(page.query["code"])
    assert body["scope"].split() == ["openid", "email", "admin"]


async def test_a_removed_application_is_signed_out_everywhere(
    settings: Settings, browser: Browser, app: App, user: User
) -> None:
    given = await tokens(browser, app, user.email)
    assert await operations.remove_client(settings, app.client_id) == 1
    assert (await app.userinfo(given["access_token"]))[0] == 401
    assert (await app.refresh(given["refresh_token"]))[0] == 401
    with pytest.raises(NotFound):
        await operations.remove_client(settings, app.client_id)


async def test_a_new_secret_ends_the_old_one(
    settings: Settings, browser: Browser, site: App, user: User
) -> None:
    secret = await operations.rotate_secret(settings, site.client_id)
    page = await sign_in(browser, site, user.email)
    status, _ = await site.exchange(page.query["code"])
    assert status == 401
    site.secret = secret
    assert (await site.exchange(page.query["code"]))[0] == 200
    with pytest.raises(NotFound):
        await operations.rotate_secret(settings, "textassistant-desktop")
