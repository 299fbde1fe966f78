"""The mix-up attack (RFC 9700, section 4.4): who answered is in the answer, and in every token."""

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from control_plane.container import Container
from control_plane.identity.tokens.access_tokens import AccessTokenClaims, mint
from control_plane.identity.users.records import User
from tests.integration.identity.browser import App, Browser, Page, sign_in, tokens
from tests.integration.identity.planes import control_plane_status, inference_plane_accepts
from tests.integration.identity.test_tokens import claims_of


def answer_of(page: Page) -> dict[str, str]:
    """What the browser brings to the application, by redirect or by form."""
    if page.location:
        return dict(parse_qsl(urlsplit(page.location).query))
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in fields}


@pytest.mark.parametrize("mode", ["query", "form_post"])
@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({}, "code"),
        ({"prompt": "none"}, "error"),
        ({"code_challenge_method": "plain"}, "error"),
        ({"scope": "admin"}, "error"),
        ({"request_uri": "https://x.example/"}, "error"),
    ],
)
async def test_every_answer_names_its_issuer(
    browser: Browser, app: App, user: User, *, mode: str, changed: dict[str, str | None], key: str
) -> None:
    page = await browser.get("/.well-known/openid-configuration")
    issuer = re.search(r'"issuer": "([^"]+)"', page.text)
    assert issuer is not None
    page = await sign_in(browser, app, user.email, response_mode=mode, **changed)
    answer = answer_of(page)
    assert key in answer
    assert (answer["iss"], answer["state"]) == (issuer[1], app.state)


async def test_a_denial_names_its_issuer(browser: Browser, app: App, user: User) -> None:
    page = await browser.follow(await browser.get("/oauth/authorize", **app.request()))
    page = await browser.follow(
        await browser.submit(page, email=user.email, password="correct horse battery")
    )
    page = await browser.submit(page, decision="deny")
    assert page.query["iss"] == "http://localhost:3000"


async def test_a_token_of_another_issuer_is_refused_by_both_planes(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    """Even one that our own key has signed, of a grant that is live."""
    good = (await tokens(browser, app, user.email))["access_token"]
    claims = claims_of(good)
    key = await container.keys.load_signing()
    scopes = tuple(claims["scope"].split())
    access = AccessTokenClaims(user.id, app.client_id, scopes, claims["sid"])
    assert await inference_plane_accepts(container, mint(key, claims["iss"], access))
    for issuer in ("https://evil.example", "http://localhost:3000/", "HTTP://localhost:3000", ""):
        forged = mint(key, issuer, access)
        assert not await inference_plane_accepts(container, forged)
        assert await control_plane_status(app.client, forged, "/v1/users/me") == 401
        assert (await app.userinfo(forged))[0] == 401


async def test_a_code_of_one_application_is_worth_nothing_to_another(
    browser: Browser, app: App, site: App, user: User
) -> None:
    code = (await sign_in(browser, app, user.email)).query["code"]
    for redirect_uri in (site.redirect_uri, app.redirect_uri):
        status, _ = await site.exchange(code, redirect_uri=redirect_uri, code_verifier=app.verifier)
        assert status == 400
    assert (await app.exchange(code))[0] == 200
