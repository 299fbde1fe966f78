"""The security list, 34 to 44: keys, pages, sessions, other flows."""

import re

import pytest

from control_plane.container import Container
from control_plane.identity.users.records import User
from tests.integration.identity.browser import PASSWORD, App, Browser, Forms, sign_in, tokens


async def test_34_a_key_is_published_before_it_signs_and_after(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    keys = container.keys
    old = (await keys.load_signing()).kid
    body = await tokens(browser, app, user.email)
    await keys.rotate(after_s=0, ahead_s=3600)
    reported = [key["kid"] for key in (await keys.load_public())["keys"]]
    assert (reported[0], len(reported), (await keys.load_signing()).kid) == (old, 2, old)
    await container.pool.execute(
        "UPDATE signing_keys SET active_at = now() WHERE active_at > now()"
    )
    await keys.rotate()
    assert (await keys.load_signing()).kid == reported[1]
    assert {key["kid"] for key in (await keys.load_public())["keys"]} == set(reported)
    assert (await app.userinfo(body["access_token"]))[0] == 200
    for key in (await keys.load_public())["keys"]:
        assert set(key) == {"alg", "e", "kid", "kty", "n", "use"}


async def test_35_42_discovery_is_public_and_cheap_to_ask_again(
    browser: Browser, container: Container
) -> None:
    first = await browser.get("/.well-known/openid-configuration")
    twin = await browser.get("/.well-known/oauth-authorization-server")
    assert first.text == twin.text
    for path in ("/.well-known/openid-configuration", "/oauth/jwks"):
        page = await browser.get(path)
        assert page.headers["Access-Control-Allow-Origin"] == "*"
        assert page.headers["Cache-Control"].startswith("public, max-age=")
        headers = {"If-None-Match": page.headers["ETag"]}
        async with browser.client.get(path, headers=headers) as answer:
            assert answer.status == 304


async def test_36_the_session_is_renewed_at_login_and_ended_here(
    browser: Browser, app: App, user: User
) -> None:
    await sign_in(browser, app, user.email)
    old = dict(browser.cookies)
    assert (await browser.get("/account")).status == 200
    page = await browser.get("/oauth/logout")
    assert "Sign out?" in page.text
    await browser.submit(page)
    assert "headrace_session" not in browser.cookies
    browser.cookies = old
    assert (await browser.get("/account")).location.startswith("/login")


async def test_36_cookies_are_kept_from_scripts_and_other_sites(
    browser: Browser, app: App, user: User
) -> None:
    await browser.get("/login")
    assert all("HttpOnly" in each and "SameSite=Lax" in each for each in browser.set_cookies)
    assert browser.set_cookies


@pytest.mark.parametrize("path", ["/login", "/register", "/forgot-password", "/consent", "/device"])
async def test_37_a_form_without_its_secret_is_refused(
    browser: Browser, container: Container, path: str
) -> None:
    await browser.get("/login")
    page = await browser.post(path, {"email": "a@example.com", "csrf": "x"})
    assert page.status == 403


async def test_37_a_form_from_another_site_is_refused(browser: Browser, user: User) -> None:
    form = Forms((await browser.get("/login")).text)
    fields = {**form.fields, "email": user.email, "password": PASSWORD}
    for headers in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}):
        assert (await browser.post("/login", fields, **headers)).status == 403
    headers = {"Origin": "null", "Sec_Fetch_Site": "same-origin"}
    assert (await browser.post("/login", fields, **headers)).status == 303


async def test_38_pages_run_and_frame_nothing(browser: Browser, container: Container) -> None:
    for path in ("/login", "/register", "/forgot-password", "/oauth/authorize"):
        headers = (await browser.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        runs = [each for each in policy.split("; ") if each.startswith("script-src")]
        assert runs == (["script-src 'self'"] if path == "/login" else [])
        assert "form-action" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")


async def test_40_nobody_learns_who_has_an_account(browser: Browser, user: User) -> None:
    answers = []
    for email in (user.email, "nobody@example.com"):
        page = await browser.submit(await browser.get("/login"), email=email, password="wrong one")
        same = re.sub(r'data-options="[^"]*"', "", page.text.replace(email, ""))
        answers.append((page.status, same))
        page = await browser.submit(await browser.get("/forgot-password"), email=email)
        answers.append((page.status, page.text))
    assert answers[:2] == answers[2:]
    assert answers[0][0] == 401


async def test_40_guessing_gets_slower(browser: Browser, user: User) -> None:
    statuses = []
    for _ in range(8):
        page = await browser.submit(
            await browser.get("/login"), email=user.email, password="a wrong one"
        )
        statuses.append(page.status)
    assert statuses[:5] == [401] * 5
    assert statuses[-1] == 429
    assert int(page.headers["Retry-After"]) >= 1


async def test_44_logout_returns_only_where_it_may(browser: Browser, site: App, user: User) -> None:
    body = await tokens(browser, site, user.email)
    hint = {"id_token_hint": body["id_token"], "state": "s"}
    page = await browser.get(
        "/oauth/logout", post_logout_redirect_uri="https://evil.example", **hint
    )
    assert (page.status, page.location) == (400, "")
    page = await browser.get(
        "/oauth/logout", post_logout_redirect_uri="https://site.example/bye", **hint
    )
    assert (page.status, page.location) == (303, "https://site.example/bye?state=s")
    assert (await browser.get("/account")).location.startswith("/login")


async def test_a_device_is_connected_by_its_code(browser: Browser, app: App, user: User) -> None:
    _, body = await app.call("/oauth/device_authorization", {"scope": app.scope})
    poll: dict[str, str | None] = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": body["device_code"],
    }
    assert (await app.token(poll))[1]["error"] == "authorization_pending"
    assert (await app.token(poll))[1]["error"] == "slow_down"
    page = await browser.follow(await browser.get("/device", user_code=body["user_code"]))
    page = await browser.submit(page, email=user.email, password=PASSWORD)
    page = await browser.follow(page)
    wrong = await browser.submit(page, user_code="BBBB-BBBB")
    assert wrong.status == 400
    page = await browser.submit(page, user_code=body["user_code"].lower())
    page = await browser.submit(page, decision="allow")
    assert "connected" in page.text
    status, body = await app.token(poll)
    assert (status, body["scope"]) == (200, app.scope)
    assert (await app.token(poll))[1]["error"] == "invalid_grant"
    assert (await app.refresh(body["refresh_token"]))[0] == 200
