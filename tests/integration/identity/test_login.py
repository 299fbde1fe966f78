"""A whole sign-in, as a person and an application see it."""

from joserfc import jwt
from joserfc.jwk import KeySet

from control_plane.container import Container
from control_plane.identity.users.records import User
from tests.integration.identity.browser import PASSWORD, App, Browser, Forms, sign_in, tokens


async def test_a_login_ends_in_tokens_that_say_who_it_is(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    page = await sign_in(browser, app, user.email)
    assert (page.status, page.query["state"]) == (303, app.state)
    assert page.query["iss"] == "http://localhost:3000"
    status, body = await app.exchange(page.query["code"])
    assert (status, body["token_type"], body["expires_in"]) == (200, "Bearer", 3600)
    keys = KeySet.import_key_set(await container.keys.load_public())  # type: ignore[arg-type]
    claims = jwt.decode(body["id_token"], keys).claims
    assert (claims["sub"], claims["aud"], claims["nonce"]) == (user.id, app.client_id, "n-1")
    status, reported = await app.userinfo(body["access_token"])
    assert (status, reported["sub"], reported["email"]) == (200, user.id, user.email)


async def test_the_pages_are_plain_forms(browser: Browser, app: App, user: User) -> None:
    page = await browser.follow(await browser.get("/oauth/authorize", **app.request()))
    form = Forms(page.text)
    assert (page.status, form.action, form.passwords) == (200, "/login", 1)
    assert form.fields["csrf"]
    page = await browser.follow(await browser.submit(page, email=user.email, password=PASSWORD))
    assert "Text Assistant Desktop" in page.text
    assert user.email in page.text
    assert "Use AI models and spend your credits" in page.text
    assert ">Allow</button>" in page.text
    assert ">Deny</button>" in page.text
    denied = await browser.submit(page, decision="deny")
    assert (denied.query["error"], denied.query["state"]) == ("access_denied", app.state)


async def test_a_refresh_rotates(browser: Browser, app: App, user: User) -> None:
    first = await tokens(browser, app, user.email)
    status, second = await app.refresh(first["refresh_token"])
    assert status == 200
    assert second["refresh_token"] != first["refresh_token"]
    assert second["id_token"]
